package i18n

// Lists and the buttons in them.
const (
	ListHereHead Key = "list_here_head"
	ListAllNext  Key = "list_all_next"
	ListNotAll   Key = "list_not_all"
	ListPage     Key = "list_page"

	ButtonNext     Key = "button_next"
	ButtonPrevious Key = "button_previous"
	ButtonWhy      Key = "button_why"
)
