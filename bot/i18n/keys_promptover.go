package i18n

// Who decided what, under a message whose meeting is over.
const (
	PromptOverExtended Key = "prompt_over_extended"
	PromptOverAgain    Key = "prompt_over_again"
	PromptOverAuto     Key = "prompt_over_auto"
	PromptOverKept     Key = "prompt_over_kept"
	PromptOverHanded   Key = "prompt_over_handed"
	PromptOverApproved Key = "prompt_over_approved"
	PromptOverLetEnd   Key = "prompt_over_let_end"
)
