package i18n

// Lists and the buttons in them.
const (
	ListHereHead Key = "list_here_head"
	ListMineHead Key = "list_mine_head" // in a direct message, which is no channel
	ListAllNext  Key = "list_all_next"
	ListNotAll   Key = "list_not_all"
	ListOnlyMine Key = "list_only_mine"
	ListPage     Key = "list_page"

	ButtonNext     Key = "button_next"
	ButtonPrevious Key = "button_previous"
	ButtonWhy      Key = "button_why"
)
