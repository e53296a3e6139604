package i18n

// Key names a sentence of the catalogue.
type Key string

// The sentences. Those that end in Next tell what to do next.
const (
	Extended                Key = "extended"
	LeftOfRun               Key = "left_of_run"
	Accepted                Key = "accepted"
	AcceptedNext            Key = "accepted_next"
	Unknown                 Key = "unknown"
	UnknownNext             Key = "unknown_next"
	Working                 Key = "working"
	SettledConfirmed        Key = "settled_confirmed"
	SettledVoid             Key = "settled_void"
	SettledVoidNext         Key = "settled_void_next"
	SettledUnclear          Key = "settled_unclear"
	SettledUnclearNext      Key = "settled_unclear_next"
	SettledOver             Key = "settled_over"
	SettledUnreadable       Key = "settled_unreadable"
	SettledUnreadableNext   Key = "settled_unreadable_next"
	SettledNothing          Key = "settled_nothing"
	Busy                    Key = "busy"
	BusyNext                Key = "busy_next"
	Already                 Key = "already"
	Moved                   Key = "moved"
	MovedNext               Key = "moved_next"
	EndLater                Key = "end_later"
	EndLaterNext            Key = "end_later_next"
	NoSuchTime              Key = "no_such_time"
	TooMany                 Key = "too_many"
	TooManyNext             Key = "too_many_next"
	LimitRun                Key = "limit_run"
	LimitRunNone            Key = "limit_run_none"
	LimitDaily              Key = "limit_daily"
	LimitDailyNone          Key = "limit_daily_none"
	LimitPerson             Key = "limit_person"
	LimitPersonNext         Key = "limit_person_next"
	LimitNextLess           Key = "limit_next_less"
	LimitNextNone           Key = "limit_next_none"
	NoMeeting               Key = "no_meeting"
	NoMeetingNext           Key = "no_meeting_next"
	NotRunningYet           Key = "not_running_yet"
	NotRunningYetNext       Key = "not_running_yet_next"
	Ended                   Key = "ended"
	EndedNext               Key = "ended_next"
	NotYours                Key = "not_yours"
	NotYoursNext            Key = "not_yours_next"
	DeniedListed            Key = "denied_listed"
	DeniedNotListed         Key = "denied_not_listed"
	DeniedWorkspace         Key = "denied_workspace"
	DeniedGuest             Key = "denied_guest"
	DeniedAccount           Key = "denied_account"
	DeniedLookup            Key = "denied_lookup"
	DeniedLookupNext        Key = "denied_lookup_next"
	DeniedNext              Key = "denied_next"
	WhomAdmins              Key = "whom_admins"
	WhomOperator            Key = "whom_operator"
	ServiceRefusedLimit     Key = "service_refused_limit"
	ServiceRefusedForbidden Key = "service_refused_forbidden"
	ServiceRefusedRights    Key = "service_refused_rights"
	ServiceRefusedPassword  Key = "service_refused_password"
	ServiceRefusedInvalid   Key = "service_refused_invalid"
	ServiceRefusedLogin     Key = "service_refused_login"
	ServiceRefusedNext      Key = "service_refused_next"
	ServiceRefusedLimitNext Key = "service_refused_limit_next"
	ServiceOperatorNext     Key = "service_operator_next"
	ServiceThrottled        Key = "service_throttled"
	ServiceDown             Key = "service_down"
	ServiceDownNext         Key = "service_down_next"
	ServiceSays             Key = "service_says"
	NotWritten              Key = "not_written"
	NotWrittenNext          Key = "not_written_next"
	Overloaded              Key = "overloaded"
	Restarting              Key = "restarting"
	Trouble                 Key = "trouble"
	TroubleNext             Key = "trouble_next"
	StaleButton             Key = "stale_button"
	StaleButtonNext         Key = "stale_button_next"
	ParseNoMeeting          Key = "parse_no_meeting"
	ParseBadMeeting         Key = "parse_bad_meeting"
	ParseNotANumber         Key = "parse_not_a_number"
	ParseZero               Key = "parse_zero"
	ParseNegative           Key = "parse_negative"
	ParseFractional         Key = "parse_fractional"
	ParseTooLong            Key = "parse_too_long"
	ParseTooManyWords       Key = "parse_too_many_words"
	ParseUnknownVerb        Key = "parse_unknown_verb"
	ParseAmbiguous          Key = "parse_ambiguous"
	ParseBadTime            Key = "parse_bad_time"
	ParseBareTime           Key = "parse_bare_time"
	ParseNoTime             Key = "parse_no_time"
	ParseHelp               Key = "parse_help"
	NothingExtended         Key = "nothing_extended"
	NothingChanged          Key = "nothing_changed"
	ParseNext               Key = "parse_next"
	ParseSuggestion         Key = "parse_suggestion"
	ParseSuggestions        Key = "parse_suggestions"
	ListHead                Key = "list_head"
	ListOwnHead             Key = "list_own_head"
	ListNone                Key = "list_none"
	ListOwnNone             Key = "list_own_none"
	ListOwnUnknown          Key = "list_own_unknown"
	ListMore                Key = "list_more"
	ListNext                Key = "list_next"
	ListItem                Key = "list_item"
	Remaining               Key = "remaining"
	RemainingHours          Key = "remaining_hours"
	RemainingNone           Key = "remaining_none"
	People                  Key = "people"
	HostedBy                Key = "hosted_by"
	Status                  Key = "status"
	StatusProlongs          Key = "status_prolongs"
	StatusNoPassword        Key = "status_no_password"
	HelpHead                Key = "help_head"
	HelpExtend              Key = "help_extend"
	HelpList                Key = "help_list"
	HelpStatus              Key = "help_status"
	HelpHelp                Key = "help_help"
	HelpLimits              Key = "help_limits"
	HelpLimitsTotal         Key = "help_limits_total"
	HelpMoreExtend          Key = "help_more_extend"
	SettledAccepted         Key = "settled_accepted"
	ZoneUnknown             Key = "zone_unknown"
	JoinedRefusal           Key = "joined_refusal"
	ButtonMore              Key = "button_more"
	ButtonNow               Key = "button_now"
	ButtonAgain             Key = "button_again"
)

// Keys are all of them.
func Keys() []Key { return append(mainKeys(), automationKeys()...) }

func mainKeys() []Key {
	return []Key{
		Extended,
		LeftOfRun,
		Accepted,
		AcceptedNext,
		Unknown,
		UnknownNext,
		Working,
		SettledConfirmed,
		SettledVoid,
		SettledVoidNext,
		SettledUnclear,
		SettledUnclearNext,
		SettledOver,
		SettledUnreadable,
		SettledUnreadableNext,
		SettledNothing,
		Busy,
		BusyNext,
		Already,
		Moved,
		MovedNext,
		EndLater,
		EndLaterNext,
		NoSuchTime,
		TooMany,
		TooManyNext,
		LimitRun,
		LimitRunNone,
		LimitDaily,
		LimitDailyNone,
		LimitPerson,
		LimitPersonNext,
		LimitNextLess,
		LimitNextNone,
		NoMeeting,
		NoMeetingNext,
		NotRunningYet,
		NotRunningYetNext,
		Ended,
		EndedNext,
		NotYours,
		NotYoursNext,
		DeniedListed,
		DeniedNotListed,
		DeniedWorkspace,
		DeniedGuest,
		DeniedAccount,
		DeniedLookup,
		DeniedLookupNext,
		DeniedNext,
		WhomAdmins,
		WhomOperator,
		ServiceRefusedLimit,
		ServiceRefusedForbidden,
		ServiceRefusedRights,
		ServiceRefusedPassword,
		ServiceRefusedInvalid,
		ServiceRefusedLogin,
		ServiceRefusedNext,
		ServiceRefusedLimitNext,
		ServiceOperatorNext,
		ServiceThrottled,
		ServiceDown,
		ServiceDownNext,
		ServiceSays,
		NotWritten,
		NotWrittenNext,
		Overloaded,
		Restarting,
		Trouble,
		TroubleNext,
		StaleButton,
		StaleButtonNext,
		ParseNoMeeting,
		ParseBadMeeting,
		ParseNotANumber,
		ParseZero,
		ParseNegative,
		ParseFractional,
		ParseTooLong,
		ParseTooManyWords,
		ParseUnknownVerb,
		ParseAmbiguous,
		ParseBadTime,
		ParseBareTime,
		ParseNoTime,
		ParseHelp,
		NothingExtended,
		NothingChanged,
		ParseNext,
		ParseSuggestion,
		ParseSuggestions,
		ListHead,
		ListOwnHead,
		ListNone,
		ListOwnNone,
		ListOwnUnknown,
		ListMore,
		ListNext,
		ListItem,
		Remaining,
		RemainingHours,
		RemainingNone,
		People,
		HostedBy,
		Status,
		StatusProlongs,
		StatusNoPassword,
		HelpHead,
		HelpExtend,
		HelpList,
		HelpStatus,
		HelpHelp,
		HelpLimits,
		HelpLimitsTotal,
		HelpMoreExtend,
		SettledAccepted,
		ZoneUnknown,
		JoinedRefusal,
		ButtonMore,
		ButtonNow,
		ButtonAgain,
	}
}
