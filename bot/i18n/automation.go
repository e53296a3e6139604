package i18n

// The sentences of automation: rules, prompts, and what people answer to them.
const (
	RuleAsk                 Key = "rule_ask"
	RuleAuto                Key = "rule_auto"
	RuleOff                 Key = "rule_off"
	Watching                Key = "watching"
	WatchingHere            Key = "watching_here"
	WatchingDirect          Key = "watching_direct"
	WatchingCannotPost      Key = "watching_cannot_post"
	WatchingInstead         Key = "watching_instead"
	WatchingPublic          Key = "watching_public"
	WatchMaxTooMany         Key = "watch_max_too_many"
	WatchMaxTooFew          Key = "watch_max_too_few"
	Unwatched               Key = "unwatched"
	UnwatchedPublic         Key = "unwatched_public"
	OtherwiseOff            Key = "otherwise_off"
	OtherwiseAsk            Key = "otherwise_ask"
	OtherwiseAuto           Key = "otherwise_auto"
	NotWatched              Key = "not_watched"
	NotWatchedNext          Key = "not_watched_next"
	NotWatchedOther         Key = "not_watched_other"
	WatchedFor              Key = "watched_for"
	WatchedBy               Key = "watched_by"
	RuleIsPaused            Key = "rule_is_paused"
	ListWatchedAsk          Key = "list_watched_ask"
	ListWatchedAuto         Key = "list_watched_auto"
	ListWatchedPaused       Key = "list_watched_paused"
	ListWatchedHead         Key = "list_watched_head"
	AllPausedNote           Key = "all_paused_note"
	AllPausedBy             Key = "all_paused_by"
	PausedAll               Key = "paused_all"
	PausedBefore            Key = "paused_before"
	PausedNext              Key = "paused_next"
	PausedPublic            Key = "paused_public"
	ResumedAll              Key = "resumed_all"
	ResumedBefore           Key = "resumed_before"
	ResumedPublic           Key = "resumed_public"
	DeniedAdmin             Key = "denied_admin"
	PromptAsk               Key = "prompt_ask"
	PromptIfNobody          Key = "prompt_if_nobody"
	PromptAtCap             Key = "prompt_at_cap"
	PromptClippedRoom       Key = "prompt_clipped_room"
	PromptClippedHost       Key = "prompt_clipped_host"
	PromptClippedYou        Key = "prompt_clipped_you"
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
	PromptLapsed            Key = "prompt_lapsed"
	PromptStopped           Key = "prompt_stopped"
	StoppedRuleNext         Key = "stopped_rule_next"
	StoppedDefaultNext      Key = "stopped_default_next"
	AutoExtended            Key = "auto_extended"
	AutoAccepted            Key = "auto_accepted"
	AutoByRule              Key = "auto_by_rule"
	AutoByAnswer            Key = "auto_by_answer"
	AutoByDefault           Key = "auto_by_default"
	AutoLeft                Key = "auto_left"
	AutoUsedUp              Key = "auto_used_up"
	TroubleEnds             Key = "trouble_ends"
	TroubleRefused          Key = "trouble_refused"
	TroubleUnclear          Key = "trouble_unclear"
	TroubleThrottled        Key = "trouble_throttled"
	TroubleQuota            Key = "trouble_quota"
	TroubleNoTick           Key = "trouble_no_tick"
	TroubleOwner            Key = "trouble_owner"
	TroubleKeeper           Key = "trouble_keeper"
	TroubleService          Key = "trouble_service"
	TroubleHidden           Key = "trouble_hidden"
	TroubleEndsSurely       Key = "trouble_ends_surely"
	TroubleBookedRoom       Key = "trouble_booked_room"
	TroubleBookedHost       Key = "trouble_booked_host"
	TroubleBookedYou        Key = "trouble_booked_you"
	TroubleSpent            Key = "trouble_spent"
	TroubleCloseNext        Key = "trouble_close_next"
	TroubleHostNext         Key = "trouble_host_next"
	TroubleYouNext          Key = "trouble_you_next"
	TroubleTypeNext         Key = "trouble_type_next"
	TroubleTypeYouNext      Key = "trouble_type_you_next"
	TroubleLookNext         Key = "trouble_look_next"
	TroubleLookYouNext      Key = "trouble_look_you_next"
	RulePausedLeft          Key = "rule_paused_left"
	RulePausedMay           Key = "rule_paused_may"
	RulePausedNext          Key = "rule_paused_next"
	Quieted                 Key = "quieted"
	QuietedNext             Key = "quieted_next"
	QuietedBefore           Key = "quieted_before"
	Unquieted               Key = "unquieted"
	UnquietedBefore         Key = "unquieted_before"
	LeftUnclear             Key = "left_unclear"
	LeftUnclearNext         Key = "left_unclear_next"
	ButtonKeep              Key = "button_keep"
	ButtonEnd               Key = "button_end"
	ButtonStop              Key = "button_stop"
	ButtonQuiet             Key = "button_quiet"
	ButtonAskAgain          Key = "button_ask_again"
	ButtonWatchAsk          Key = "button_watch_ask"
	ButtonWatchAuto         Key = "button_watch_auto"
	ButtonUnwatch           Key = "button_unwatch"
	HelpWatch               Key = "help_watch"
	HelpUnwatch             Key = "help_unwatch"
	HelpPause               Key = "help_pause"
	HelpResume              Key = "help_resume"
	HelpWhy                 Key = "help_why"
	ParseNoMode             Key = "parse_no_mode"
	ParseNoMaximum          Key = "parse_no_maximum"
	WhyAsk                  Key = "why_ask"
	WhyExtend               Key = "why_extend"
	WhyNothing              Key = "why_nothing"
	WhyThen                 Key = "why_then"
	WhyDefault              Key = "why_default"
	WhyChecks               Key = "why_checks"
	WhyYes                  Key = "why_yes"
	WhyNo                   Key = "why_no"
	WhyOver                 Key = "why_over"
	WhyNoRule               Key = "why_no_rule"
	WhyOff                  Key = "why_off"
	WhyAllPaused            Key = "why_all_paused"
	WhyRulePaused           Key = "why_rule_paused"
	WhyPlatform             Key = "why_platform"
	WhyNoPassword           Key = "why_no_password"
	WhyInDoubt              Key = "why_in_doubt"
	WhyLetEnd               Key = "why_let_end"
	WhyExtended             Key = "why_extended"
	WhyBudget               Key = "why_budget"
	WhyCap                  Key = "why_cap"
	WhyAsked                Key = "why_asked"
	WhyNotYet               Key = "why_not_yet"
	WhyEmpty                Key = "why_empty"
	WhyNoGap                Key = "why_no_gap"
	WhyQuota                Key = "why_quota"
	WhyOther                Key = "why_other"
	WhyBooked               Key = "why_booked"
	TrialGood               Key = "trial_good"
	TrialOverlaps           Key = "trial_overlaps"
	TrialBusy               Key = "trial_busy"
)

func automationKeys() []Key {
	return []Key{
		RuleAsk,
		RuleAuto,
		RuleOff,
		Watching,
		WatchingHere,
		WatchingDirect,
		WatchingCannotPost,
		WatchingInstead,
		WatchingPublic,
		WatchMaxTooMany,
		WatchMaxTooFew,
		Unwatched,
		UnwatchedPublic,
		OtherwiseOff,
		OtherwiseAsk,
		OtherwiseAuto,
		NotWatched,
		NotWatchedNext,
		NotWatchedOther,
		WatchedFor,
		WatchedBy,
		RuleIsPaused,
		ListWatchedAsk,
		ListWatchedAuto,
		ListWatchedPaused,
		ListWatchedHead,
		AllPausedNote,
		AllPausedBy,
		PausedAll,
		PausedBefore,
		PausedNext,
		PausedPublic,
		ResumedAll,
		ResumedBefore,
		ResumedPublic,
		DeniedAdmin,
		PromptAsk,
		PromptIfNobody,
		PromptAtCap,
		PromptClippedRoom,
		PromptClippedHost,
		PromptClippedYou,
		PromptUnchecked,
		PromptUnsure,
		PromptExtended,
		PromptExtendedAgain,
		PromptKeptExtended,
		PromptExtendedElsewhere,
		PromptOver,
		PromptLetEnd,
		PromptLetEndNext,
		PromptKept,
		PromptLapsed,
		PromptStopped,
		StoppedRuleNext,
		StoppedDefaultNext,
		AutoExtended,
		AutoAccepted,
		AutoByRule,
		AutoByAnswer,
		AutoByDefault,
		AutoLeft,
		AutoUsedUp,
		TroubleEnds,
		TroubleRefused,
		TroubleUnclear,
		TroubleThrottled,
		TroubleQuota,
		TroubleNoTick,
		TroubleOwner,
		TroubleKeeper,
		TroubleService,
		TroubleHidden,
		TroubleEndsSurely,
		TroubleBookedRoom,
		TroubleBookedHost,
		TroubleBookedYou,
		TroubleSpent,
		TroubleCloseNext,
		TroubleHostNext,
		TroubleYouNext,
		TroubleTypeNext,
		TroubleTypeYouNext,
		TroubleLookNext,
		TroubleLookYouNext,
		RulePausedLeft,
		RulePausedMay,
		RulePausedNext,
		Quieted,
		QuietedNext,
		QuietedBefore,
		Unquieted,
		UnquietedBefore,
		LeftUnclear,
		LeftUnclearNext,
		ButtonKeep,
		ButtonEnd,
		ButtonStop,
		ButtonQuiet,
		ButtonAskAgain,
		ButtonWatchAsk,
		ButtonWatchAuto,
		ButtonUnwatch,
		HelpWatch,
		HelpUnwatch,
		HelpPause,
		HelpResume,
		HelpWhy,
		ParseNoMode,
		ParseNoMaximum,
		WhyAsk,
		WhyExtend,
		WhyNothing,
		WhyThen,
		WhyDefault,
		WhyChecks,
		WhyYes,
		WhyNo,
		WhyOver,
		WhyNoRule,
		WhyOff,
		WhyAllPaused,
		WhyRulePaused,
		WhyPlatform,
		WhyNoPassword,
		WhyInDoubt,
		WhyLetEnd,
		WhyExtended,
		WhyBudget,
		WhyCap,
		WhyAsked,
		WhyNotYet,
		WhyEmpty,
		WhyNoGap,
		WhyQuota,
		WhyOther,
		WhyBooked,
		TrialGood,
		TrialOverlaps,
		TrialBusy,
	}
}
