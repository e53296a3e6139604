package i18n

// Approvals: what is beyond a limit, and what became of it.
const (
	ButtonRequest Key = "button_request"
	ButtonApprove Key = "button_approve"
	ButtonDeny    Key = "button_deny"

	// What the one who asks reads at once.
	ApprovalSent       Key = "approval_sent"
	ApprovalSentBefore Key = "approval_sent_before"
	ApprovalSentNext   Key = "approval_sent_next"
	ApprovalDelayed    Key = "approval_delayed"
	ApprovalUnsentNext Key = "approval_unsent_next"
	ApprovalWithin     Key = "approval_within"
	ApprovalWithinNext Key = "approval_within_next"
	ApprovalAgain      Key = "approval_again"
	ApprovalOwn        Key = "approval_own"
	ApprovalOwnNext    Key = "approval_own_next"

	// The view that asks for a reason.
	ReasonLabel         Key = "reason_label"
	ReasonCancel        Key = "reason_cancel"
	ReasonRequestTitle  Key = "reason_request_title"
	ReasonRequestSubmit Key = "reason_request_submit"
	ReasonDenyTitle     Key = "reason_deny_title"
	ReasonDenySubmit    Key = "reason_deny_submit"

	// The card.
	ApprovalAsks        Key = "approval_asks"
	ApprovalBeyondOnce  Key = "approval_beyond_once"
	ApprovalBeyondRun   Key = "approval_beyond_run"
	ApprovalBeyondDaily Key = "approval_beyond_daily"
	ApprovalBooked      Key = "approval_booked"
	ApprovalReason      Key = "approval_reason"
	ApprovalNote        Key = "approval_note"
	ApprovalAsked       Key = "approval_asked"
	ApprovalApproved    Key = "approval_approved"
	ApprovalDenied      Key = "approval_denied"

	// What the one who asked reads in the end.
	ApprovalYouAsked      Key = "approval_you_asked"
	ApprovalYoursApproved Key = "approval_yours_approved"
	ApprovalYoursDenied   Key = "approval_yours_denied"
	ApprovalDeniedNext    Key = "approval_denied_next"

	// What came of it, after one of the sentences above.
	ApprovalEnds           Key = "approval_ends"
	ApprovalAccepted       Key = "approval_accepted"
	ApprovalUnknown        Key = "approval_unknown"
	ApprovalUnderWay       Key = "approval_under_way"
	ApprovalExpired        Key = "approval_expired"
	ApprovalEnded          Key = "approval_ended"
	ApprovalMoved          Key = "approval_moved"
	ApprovalMovedSomewhere Key = "approval_moved_somewhere"
	ApprovalLapsed         Key = "approval_lapsed"
	ApprovalYouLapsed      Key = "approval_you_lapsed"
	ApprovalNotShown       Key = "approval_not_shown"
	ApprovalRefused        Key = "approval_refused"
	ApprovalVoid           Key = "approval_void"
	ApprovalUnclear        Key = "approval_unclear"
	ApprovalUnclearEnd     Key = "approval_unclear_end"
	ApprovalBusy           Key = "approval_busy"
	ApprovalRoom           Key = "approval_room"
	ApprovalRate           Key = "approval_rate"
	ApprovalFailed         Key = "approval_failed"
	ApprovalLate           Key = "approval_late"
)
