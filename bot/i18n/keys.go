package i18n

// A Key names a sentence of the catalogue. Keys that end in Next name sentences that say what to do next.
type Key string

// Answers to a request to extend.
const (
	Extended        Key = "extended"
	LeftOfRun       Key = "left_of_run"
	NoneLeftOfRun   Key = "none_left_of_run"
	Accepted        Key = "accepted"
	AcceptedNext    Key = "accepted_next"
	Unknown         Key = "unknown"
	UnknownNext     Key = "unknown_next"
	Working         Key = "working"
	Busy            Key = "busy"
	BusyNext        Key = "busy_next"
	Already         Key = "already"
	JoinedRefusal   Key = "joined_refusal"
	Moved           Key = "moved"
	MovedNext       Key = "moved_next"
	EndLater        Key = "end_later"
	EndLaterNext    Key = "end_later_next"
	NoSuchTime      Key = "no_such_time"
	TimePassed      Key = "time_passed"
	TimePassedAny   Key = "time_passed_any"
	ZoneUnknown     Key = "zone_unknown"
	NothingExtended Key = "nothing_extended"
	NothingChanged  Key = "nothing_changed"
)

// Second answers: how a request that was in doubt came out.
const (
	SettledConfirmed      Key = "settled_confirmed"
	SettledVoid           Key = "settled_void"
	SettledVoidNext       Key = "settled_void_next"
	SettledWatched        Key = "settled_watched"
	SettledWatchedNext    Key = "settled_watched_next"
	SettledMoved          Key = "settled_moved"
	SettledUnclear        Key = "settled_unclear"
	SettledUnclearNext    Key = "settled_unclear_next"
	SettledOver           Key = "settled_over"
	SettledUnreadable     Key = "settled_unreadable"
	SettledUnreadableNext Key = "settled_unreadable_next"
	SettledNothing        Key = "settled_nothing"
	SettledAccepted       Key = "settled_accepted"
)

// Limits.
const (
	TooMany         Key = "too_many"
	TooManyNext     Key = "too_many_next"
	LimitRoom       Key = "limit_room"
	LimitRoomNext   Key = "limit_room_next"
	LimitRoomLess   Key = "limit_room_less"
	ClippedToRoom   Key = "clipped_to_room"
	BookedFor       Key = "booked_for"
	LimitRun        Key = "limit_run"
	LimitRunNone    Key = "limit_run_none"
	LimitDaily      Key = "limit_daily"
	LimitDailyNone  Key = "limit_daily_none"
	LimitPerson     Key = "limit_person"
	LimitPersonNext Key = "limit_person_next"
	LimitLooks      Key = "limit_looks"
	LimitLooksNext  Key = "limit_looks_next"
	LimitNextLess   Key = "limit_next_less"
	LimitNextNone   Key = "limit_next_none"
)

// Meetings that cannot be extended.
const (
	NoMeeting         Key = "no_meeting"
	NoMeetingNext     Key = "no_meeting_next"
	NotRunningYet     Key = "not_running_yet"
	NobodyIn          Key = "nobody_in"
	NobodyInNext      Key = "nobody_in_next"
	NotRunningYetNext Key = "not_running_yet_next"
	Ended             Key = "ended"
	EndedNext         Key = "ended_next"
)

// Who may do what, and whom to ask.
const (
	NotYours         Key = "not_yours"
	NotYoursNext     Key = "not_yours_next"
	DeniedListed     Key = "denied_listed"
	DeniedNotListed  Key = "denied_not_listed"
	DeniedWorkspace  Key = "denied_workspace"
	DeniedGuest      Key = "denied_guest"
	DeniedAccount    Key = "denied_account"
	DeniedLookup     Key = "denied_lookup"
	DeniedLookupNext Key = "denied_lookup_next"
	DeniedNext       Key = "denied_next"

	DeniedUnconfirmed     Key = "denied_unconfirmed"
	DeniedUnconfirmedNext Key = "denied_unconfirmed_next"

	WhomAdmins   Key = "whom_admins"
	WhomOperator Key = "whom_operator"
	DeniedAdmin  Key = "denied_admin"
)

// What the meeting service refuses.
const (
	ServiceRefusedLimit     Key = "service_refused_limit"
	ServiceRefusedForbidden Key = "service_refused_forbidden"
	ServiceHidesAll         Key = "service_hides_all"
	ServiceRefusedRights    Key = "service_refused_rights"
	ServiceRefusedPassword  Key = "service_refused_password"
	ServiceRefusedInvalid   Key = "service_refused_invalid"
	ServiceRefusedLogin     Key = "service_refused_login"
	ServiceRefusedClock     Key = "service_refused_clock"
	ServiceRefusedNext      Key = "service_refused_next"
	ServiceRefusedLimitNext Key = "service_refused_limit_next"
	ServiceOperatorNext     Key = "service_operator_next"
	ServiceThrottled        Key = "service_throttled"
	ServiceUnreadable       Key = "service_unreadable"
	ServiceDelayed          Key = "service_delayed"
	ServiceDown             Key = "service_down"
	ServiceDownNext         Key = "service_down_next"
	HostUnknown             Key = "host_unknown"
	ServiceSays             Key = "service_says"
	ClocksApart             Key = "clocks_apart"
)

// What the meeting service refuses of a number of minutes.
const (
	ServiceRefusedRange           Key = "service_refused_range"
	ServiceRefusedRangeNext       Key = "service_refused_range_next"
	ServiceRefusedRoom            Key = "service_refused_room"
	ServiceRefusedConcurrency     Key = "service_refused_concurrency"
	ServiceRefusedConcurrencyNext Key = "service_refused_concurrency_next"
)

// Trouble of the bot's own.
const (
	NotWritten          Key = "not_written"
	NotWrittenNext      Key = "not_written_next"
	NotKnown            Key = "not_known"
	NotKnownNext        Key = "not_known_next"
	Overloaded          Key = "overloaded"
	Restarting          Key = "restarting"
	Trouble             Key = "trouble"
	TroubleNext         Key = "trouble_next"
	StaleButton         Key = "stale_button"
	StaleButtonNext     Key = "stale_button_next"
	PressedNotYours     Key = "pressed_not_yours"      // under a message, or in a dialog, that named the meeting
	PressedNotYoursNext Key = "pressed_not_yours_next" // with the command that lists
	LeftUnclear         Key = "left_unclear"
	LeftUnclearNext     Key = "left_unclear_next"
)

// What was typed and not understood.
const (
	ParseBadMeeting   Key = "parse_bad_meeting"
	ParseNotANumber   Key = "parse_not_a_number"
	ParseZero         Key = "parse_zero"
	ParseNegative     Key = "parse_negative"
	ParseFractional   Key = "parse_fractional"
	ParseTooLong      Key = "parse_too_long"
	ParseOneMeeting   Key = "parse_one_meeting"
	ParseTooManyWords Key = "parse_too_many_words"
	ParseUnknownVerb  Key = "parse_unknown_verb"
	ParseAmbiguous    Key = "parse_ambiguous"
	ParseBadTime      Key = "parse_bad_time"
	ParseBareTime     Key = "parse_bare_time"
	ParseNoTime       Key = "parse_no_time"
	ParseHelp         Key = "parse_help"
	ParseNext         Key = "parse_next"
	ParseSuggestion   Key = "parse_suggestion"
	ParseSuggestions  Key = "parse_suggestions"
	ParseNoMode       Key = "parse_no_mode"
	ParseNoMaximum    Key = "parse_no_maximum"
)

// The list, and the status of one meeting.
const (
	ListHead         Key = "list_head"
	ListOwnHead      Key = "list_own_head"
	ListWatchedHead  Key = "list_watched_head"
	ListNone         Key = "list_none"
	ListNarrowed     Key = "list_narrowed"
	ListOwnNone      Key = "list_own_none"
	ListOwnUnknown   Key = "list_own_unknown"
	ListMore         Key = "list_more"
	ListNext         Key = "list_next"
	ListItem         Key = "list_item"
	ListAsk          Key = "list_ask"
	ListExtend       Key = "list_extend"
	ListNothing      Key = "list_nothing"
	Remaining        Key = "remaining"
	RemainingHours   Key = "remaining_hours"
	RemainingNone    Key = "remaining_none"
	Within           Key = "within"
	WithinHours      Key = "within_hours"
	WithinNone       Key = "within_none"
	People           Key = "people"
	HostedBy         Key = "hosted_by"
	Status           Key = "status"
	StatusProlongs   Key = "status_prolongs"
	StatusNoPassword Key = "status_no_password"
	AwaitedAccepted  Key = "awaited_accepted" // Who, Count
	AwaitedUnknown   Key = "awaited_unknown"  // Who, Count
	AwaitedNothing   Key = "awaited_nothing"
)

// Help.
const (
	HelpHead         Key = "help_head"
	HelpExtend       Key = "help_extend"
	HelpList         Key = "help_list"
	HelpStatus       Key = "help_status"
	HelpHelp         Key = "help_help"
	HelpLimits       Key = "help_limits"
	HelpLimitsTotal  Key = "help_limits_total"
	HelpMoreExtend   Key = "help_more_extend"
	HelpPlaceMeeting Key = "help_place_meeting"
	HelpPlaceMinutes Key = "help_place_minutes"
	HelpPlaceVerb    Key = "help_place_verb"
	HelpWatch        Key = "help_watch"
	HelpUnwatch      Key = "help_unwatch"
	HelpPause        Key = "help_pause"
	HelpResume       Key = "help_resume"
	HelpWhy          Key = "help_why"
)

// Buttons.
const (
	ButtonMore      Key = "button_more"
	ButtonNow       Key = "button_now"
	ButtonAgain     Key = "button_again"
	ButtonKeep      Key = "button_keep"
	ButtonEnd       Key = "button_end"
	ButtonStop      Key = "button_stop"
	ButtonQuiet     Key = "button_quiet"
	ButtonAskAgain  Key = "button_ask_again"
	ButtonWatchAsk  Key = "button_watch_ask"
	ButtonWatchAuto Key = "button_watch_auto"
	ButtonUnwatch   Key = "button_unwatch"
	ButtonWhyAll    Key = "button_why_all"
)

// Rules: watching a meeting.
const (
	RuleAsk            Key = "rule_ask"
	RuleAuto           Key = "rule_auto"
	RuleKeep           Key = "rule_keep" // Count, Limit
	RuleOff            Key = "rule_off"
	Watching           Key = "watching"
	WatchingOver       Key = "watching_over"
	WatchingHere       Key = "watching_here"
	WatchingDirect     Key = "watching_direct"
	WatchingCannotPost Key = "watching_cannot_post"
	WatchingInstead    Key = "watching_instead"
	WatchingPublic     Key = "watching_public"
	WatchingMoved      Key = "watching_moved"
	WatchMaxTooMany    Key = "watch_max_too_many"
	WatchMaxTooFew     Key = "watch_max_too_few"
	Unwatched          Key = "unwatched"
	UnwatchedPublic    Key = "unwatched_public"
	OtherwiseOff       Key = "otherwise_off"
	OtherwiseAsk       Key = "otherwise_ask"
	OtherwiseAuto      Key = "otherwise_auto"
	NotWatched         Key = "not_watched"
	NotWatchedNext     Key = "not_watched_next"
	NotWatchedOther    Key = "not_watched_other"
	WatchedFor         Key = "watched_for"
	WatchedBy          Key = "watched_by"
	RuleIsPaused       Key = "rule_is_paused"
	RulePausedLeft     Key = "rule_paused_left"
	RulePausedMay      Key = "rule_paused_may"
	RulePausedNext     Key = "rule_paused_next"
)

// Pausing all automation.
const (
	AllPausedNote Key = "all_paused_note"
	AllPausedBy   Key = "all_paused_by"
	PausedAll     Key = "paused_all"
	PausedBefore  Key = "paused_before"
	PausedNext    Key = "paused_next"
	PausedPublic  Key = "paused_public"
	ResumedAll    Key = "resumed_all"
	ResumedBefore Key = "resumed_before"
	ResumedPublic Key = "resumed_public"
)

// Prompts: questions before the end, and what became of them.
const (
	PromptAsk               Key = "prompt_ask"
	PromptYours             Key = "prompt_yours"
	PromptHosted            Key = "prompt_hosted"
	PromptIfNobody          Key = "prompt_if_nobody"
	PromptAtCap             Key = "prompt_at_cap"
	PromptAtDaily           Key = "prompt_at_daily"
	PromptClippedRoom       Key = "prompt_clipped_room"
	HostBooked              Key = "host_booked"
	YouBooked               Key = "you_booked"
	PromptUnchecked         Key = "prompt_unchecked"
	PromptUnsure            Key = "prompt_unsure"
	PromptExtended          Key = "prompt_extended"
	PromptExtendedAgain     Key = "prompt_extended_again"
	PromptKeptExtended      Key = "prompt_kept_extended"
	PromptExtendedElsewhere Key = "prompt_extended_elsewhere"
	PromptOver              Key = "prompt_over"
	PromptLetEnd            Key = "prompt_let_end"
	PromptLetEndNext        Key = "prompt_let_end_next"
	PromptKept              Key = "prompt_kept"
	PromptKeptToo           Key = "prompt_kept_too"
	PromptStoppedToo        Key = "prompt_stopped_too"
	PromptLapsed            Key = "prompt_lapsed"
	PromptStopped           Key = "prompt_stopped"
	StoppedRuleNext         Key = "stopped_rule_next"
	StoppedDefaultNext      Key = "stopped_default_next"
	Quieted                 Key = "quieted"
	QuietedNext             Key = "quieted_next"
	QuietedBefore           Key = "quieted_before"
	Unquieted               Key = "unquieted"
	UnquietedBefore         Key = "unquieted_before"
)

// Automatic extensions.
const (
	AutoExtended  Key = "auto_extended"
	AutoAccepted  Key = "auto_accepted"
	AutoByRule    Key = "auto_by_rule"
	AutoByAnswer  Key = "auto_by_answer"
	AutoByDefault Key = "auto_by_default"
	AutoLeft      Key = "auto_left"
	AutoUsedUp    Key = "auto_used_up"
	DailyUsedUp   Key = "daily_used_up"
)

// What automation will do before a meeting ends.
const (
	OutlookExtend    Key = "outlook_extend"
	OutlookExtendNow Key = "outlook_extend_now"
	OutlookAsk       Key = "outlook_ask"
	OutlookAskNow    Key = "outlook_ask_now"
	OutlookAsked     Key = "outlook_asked"
	OutlookNothing   Key = "outlook_nothing"
)

// Alarms: automation could not do its work.
const (
	TroubleEnds          Key = "trouble_ends"
	TroubleRefused       Key = "trouble_refused"
	TroubleUnclear       Key = "trouble_unclear"
	TroubleThrottled     Key = "trouble_throttled"
	TroubleDelayed       Key = "trouble_delayed"
	TroubleUnseen        Key = "trouble_unseen"
	TroubleQuota         Key = "trouble_quota"
	TroubleNoTick        Key = "trouble_no_tick"
	TroubleOwner         Key = "trouble_owner"
	TroubleKeeper        Key = "trouble_keeper"
	TroubleService       Key = "trouble_service"
	TroubleBlind         Key = "trouble_blind"
	TroubleBlindNext     Key = "trouble_blind_next"
	TroubleStuck         Key = "trouble_stuck"
	TroubleHidden        Key = "trouble_hidden"
	TroubleEndsSurely    Key = "trouble_ends_surely"
	TroubleBookedRoom    Key = "trouble_booked_room"
	TroubleSpent         Key = "trouble_spent"
	TroubleCloseNext     Key = "trouble_close_next"
	TroubleHostNext      Key = "trouble_host_next"
	TroubleHiddenNext    Key = "trouble_hidden_next"
	TroubleHiddenYouNext Key = "trouble_hidden_you_next"
	TroubleYouNext       Key = "trouble_you_next"
	TroubleTypeNext      Key = "trouble_type_next"
	TroubleTypeYouNext   Key = "trouble_type_you_next"
	TroubleLookNext      Key = "trouble_look_next"
	TroubleLookYouNext   Key = "trouble_look_you_next"
)

// Why: what will happen to a meeting, and the reasons for it.
const (
	WhyNothing      Key = "why_nothing"
	WhyDefault      Key = "why_default"
	WhyChecks       Key = "why_checks"
	WhyYes          Key = "why_yes"
	WhyNo           Key = "why_no"
	WhyOver         Key = "why_over"
	WhyNoRule       Key = "why_no_rule"
	WhyOff          Key = "why_off"
	WhyAllPaused    Key = "why_all_paused"
	WhyRulePaused   Key = "why_rule_paused"
	WhyPlatform     Key = "why_platform"
	WhyNoPassword   Key = "why_no_password"
	WhyInDoubt      Key = "why_in_doubt"
	WhyLetEnd       Key = "why_let_end"
	WhyExtended     Key = "why_extended"
	WhyBudget       Key = "why_budget"
	WhyCap          Key = "why_cap"
	WhyAsked        Key = "why_asked"
	WhyNotYet       Key = "why_not_yet"
	WhyUncounted    Key = "why_uncounted"
	WhyUnknown      Key = "why_unknown"
	WhyEmpty        Key = "why_empty"
	WhyNoGap        Key = "why_no_gap"
	WhyQuota        Key = "why_quota"
	WhyOther        Key = "why_other"
	WhyBooked       Key = "why_booked"
	TrialGood       Key = "trial_good"
	TrialBusy       Key = "trial_busy"
	TrialClipped    Key = "trial_clipped"
	TrialRoomBooked Key = "trial_room_booked"
)
