package bot

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/overtime-bot/overtime/bot/access"
	"github.com/overtime-bot/overtime/bot/grammar"
	"github.com/overtime-bot/overtime/bot/i18n"
	"github.com/overtime-bot/overtime/bot/manifest"
	"github.com/overtime-bot/overtime/bot/pace"
	"github.com/overtime-bot/overtime/meeting"
	"github.com/overtime-bot/overtime/scheduler"
	"github.com/overtime-bot/overtime/scheduler/extension"
	"github.com/overtime-bot/overtime/scheduler/store"
	"github.com/slack-go/slack"
)

// People tells about accounts, groups and channels of Slack. *access.Directory is one.
type People interface {
	access.People
	Known(user string) (access.Person, bool) // without asking anybody
}

// Bookings knows meetings that are not running, and what the account sees of those that are. *meeting.Client is one.
type Bookings interface {
	Booked(ctx context.Context, id string) (meeting.Meeting, error)
	View() meeting.View
}

// Reader reads running meetings. *extension.Extender is one.
type Reader interface {
	Known(id string) (meeting.Meeting, bool) // as it was read last
	Find(ctx context.Context, id string) (meeting.Meeting, error)
	Look(ctx context.Context, id string) (meeting.Meeting, error)
	Running(ctx context.Context) ([]meeting.Meeting, error)
	Listed(ctx context.Context, than time.Duration) ([]meeting.Meeting, error) // from a read younger than that, shared
}

// Extender extends meetings and reads them. *extension.Extender is one.
type Extender interface {
	Reader
	Extend(ctx context.Context, request extension.Request) (extension.Result, error)
	Left(ctx context.Context, run string, by extension.Actor) (extension.Left, error)
	// Awaited is the extension of a run of which nobody knows yet how it came out, or which that end does not show yet.
	Awaited(ctx context.Context, run string, end time.Time) (extension.Extension, error)
	Resume(ctx context.Context, envelope string) (extension.Result, bool, error)
	Stands(ctx context.Context, id int64) (extension.Result, error)
}

// Scheduler is what the bot needs of automation. *scheduler.Scheduler is one.
type Scheduler interface {
	// Answer stores a person's answer to a prompt. It is false, with the prompt as it stands, if it was answered before.
	Answer(ctx context.Context, prompt int64, answer scheduler.Answer, by extension.Actor) (scheduler.Prompt, bool, error)
	// FollowNow has the messages about a run show at once what is true now.
	FollowNow(ctx context.Context, meetingID, run string) error
	// Wished has a meeting dealt with at once, after somebody made a wish for it, and says what comes of that.
	Wished(ctx context.Context, m meeting.Meeting) (scheduler.Outlook, error)
	// Booked tells what a meeting's cloud room is booked for after its end: zero if it is not, or that is not known.
	Booked(ctx context.Context, m meeting.Meeting) meeting.Booking
	// Foresee says what automation will do with meetings, if nothing changes.
	Foresee(ctx context.Context, meetings []meeting.Meeting) ([]scheduler.Outlook, error)
	// Promises lists who may expect something of automation.
	Promises(ctx context.Context) ([]scheduler.Promise, error)
	// Why says what automation does with a meeting, and what would come of so many minutes by hand, if that is not 0.
	Why(ctx context.Context, m meeting.Meeting, minutes int) (scheduler.Explanation, error)
}

// Poster posts messages to channels and people, shows them to one person of a channel alone, edits them, and shows Homes. *slack.Client is one.
type Poster interface {
	PostMessageContext(ctx context.Context, channel string, options ...slack.MsgOption) (channelID, timestamp string, err error)
	PostEphemeralContext(ctx context.Context, channel, user string, options ...slack.MsgOption) (timestamp string, err error)
	PublishViewContext(ctx context.Context, request slack.PublishViewContextRequest) (*slack.ViewResponse, error)
	UpdateMessageContext(ctx context.Context, channel, timestamp string, options ...slack.MsgOption) (channelID, ts, text string, err error)
}

// Views opens and changes what people fill in. *slack.Client is one.
type Views interface {
	OpenViewContext(ctx context.Context, trigger string, view slack.ModalViewRequest) (*slack.ViewResponse, error)
	UpdateViewContext(ctx context.Context, view slack.ModalViewRequest, externalID, hash, viewID string) (*slack.ViewResponse, error)
}

// DialogStore keeps what open views stand for. *store.Inbox is one.
type DialogStore interface {
	PutDialog(ctx context.Context, d store.Dialog) error
	Dialog(ctx context.Context, id string) (store.Dialog, error)
	CloseDialog(ctx context.Context, id string) error
}

// Passwords takes a host's password that the host typed. *meeting.Client is one.
type Passwords interface {
	// OfferPassword fails if the service refused the same password before.
	OfferPassword(m meeting.Meeting, password meeting.Secret) error
}

// ActionStore keeps what buttons do. *store.Inbox is one.
type ActionStore interface {
	PutActions(ctx context.Context, actions []store.Action) error
	Action(ctx context.Context, id string) (store.Action, error)
}

// EnvelopeStore keeps envelopes from their arrival until they are answered, so that a repeated one is done once.
// *store.Inbox is one.
type EnvelopeStore interface {
	// StoreEnvelope is false if the envelope is there already, and answered or being worked on.
	StoreEnvelope(ctx context.Context, envelope store.Envelope, owner string, claimFor time.Duration) (fresh bool, err error)
	// ConcludeEnvelope is false if the envelope is no longer the owner's, who may not tell the answer then.
	ConcludeEnvelope(ctx context.Context, envelope store.Envelope, owner string, claimFor time.Duration) (mine bool, err error)
	AnswerEnvelopes(ctx context.Context, keepPayload map[string]bool) error
	Envelope(ctx context.Context, id string) (store.Envelope, error)
	// TakeEnvelopes takes over those whose worker died, and ExtendClaims says that one lives.
	TakeEnvelopes(ctx context.Context, owner string, claimFor time.Duration, limit int) ([]store.Envelope, error)
	ExtendClaims(ctx context.Context, owner string, ids []string, claimFor time.Duration) (extended int, err error)
}

// PastStore keeps what was done with meetings. *store.History is one.
type PastStore interface {
	// Past lists extensions, newest first.
	Past(ctx context.Context, of store.Past, limit int) ([]extension.Extension, error)
}

// Rules keeps what is to happen before meetings end. *store.Automation is one.
type Rules interface {
	Rules(ctx context.Context) ([]scheduler.Rule, error)
	PutRule(ctx context.Context, rule scheduler.Rule) (before scheduler.Rule, err error)
	DeleteRule(ctx context.Context, of string) (before scheduler.Rule, err error)
	PauseAll(ctx context.Context, by extension.Actor) (before scheduler.Pause, err error)
	ResumeAll(ctx context.Context) (before scheduler.Pause, err error)
	Paused(ctx context.Context) (scheduler.Pause, error)
}

// QuietHosts keeps which hosts want no prompts. *store.Automation is one.
type QuietHosts interface {
	SetQuiet(ctx context.Context, person extension.Actor, quiet bool) (before bool, err error)
	Quiet(ctx context.Context, person extension.Actor) (bool, error)
}

// Prompts reads the prompts that were announced. *store.Prompts is one.
type Prompts interface {
	Prompt(ctx context.Context, id int64) (scheduler.Prompt, error)
	// FollowedPrompts lists those whose run is on.
	FollowedPrompts(ctx context.Context) ([]scheduler.Prompt, error)
}

// ApprovalStore keeps what was asked for beyond the limits. *store.Approvals is one.
type ApprovalStore interface {
	// Ask is false if the envelope asked before, or the same wish waits already.
	Ask(ctx context.Context, wish store.Approval, claimFor time.Duration) (found store.Approval, fresh bool, err error)
	Approval(ctx context.Context, id int64) (store.Approval, error)
	// Decide is false, with the approval as it stands, if it was decided before.
	Decide(ctx context.Context, id int64, to store.ApprovalState, by extension.Actor, note string, claimFor time.Duration) (found store.Approval, won bool, err error)
	// Outcome is false, with the approval as it stands, if another process stored it before.
	Outcome(ctx context.Context, id int64, outcome string, extensionID int64, claimFor time.Duration) (found store.Approval, won bool, err error)
	Show(ctx context.Context, seen store.Approval) error
	Tell(ctx context.Context, id int64, told string) error
	// Rest and Due pass an approval on to whichever process looks after it next.
	Rest(ctx context.Context, seen store.Approval, next time.Duration) error
	Due(ctx context.Context, claimFor time.Duration, limit int) ([]store.Approval, error)
}

// Spent tells what people used up of their DAILY_MINUTES. *store.History is one.
type Spent interface {
	DailyMinutes(ctx context.Context, people []extension.Actor) (map[extension.Actor]int, error)
}

// State is how the bot is, for those who operate it.
type State struct {
	Sockets  int       // live ones to Slack
	LastLook time.Time // at the running meetings; zero if there was none
	Reasons  []string  // why it is not ready, if it is not
}

// PastWishes keeps what was asked for beyond the limits. *store.Approvals is one.
type PastWishes interface {
	// List tells of approvals, newest first, of one meeting, or of all where meetingID is empty.
	List(ctx context.Context, meetingID string, limit int) ([]store.Approval, error)
}

// Limits are how much may be extended, in minutes. The extender enforces them; the bot's sentences name them.
type Limits struct {
	DefaultMinutes  int // of a command that names none
	MaxMinutes      int // at once
	MaxTotalMinutes int // of one run; 0 = no limit
	DailyMinutes    int // of one person
	PersonRate      int // extensions a minute by one person
}

// Config is what an Announcer, a Desk and an Inbox are made of. ClockAhead, Command, BotName, MissingScopes, Spent, State,
// NotifyChannel, ApprovalChannel, Lines, Transport, Logger, Workers and Observe may be left out.
type Config struct {
	People    People
	Hosts     *access.Hosts
	Bookings  Bookings
	Poster    Poster
	Views     Views
	Dialogs   DialogStore
	Passwords Passwords
	Envelopes EnvelopeStore
	Actions   ActionStore
	Rules     Rules
	Past      PastStore
	Wishes    PastWishes
	Quiet     QuietHosts
	Prompts   Prompts
	Approvals ApprovalStore
	Catalogue *i18n.Catalogue
	Policy    access.Policy
	Now       func() time.Time
	Limits    Limits
	// ClockAhead is by how much the meeting service's clock is ahead of Now; 0 if they agree.
	ClockAhead func() time.Duration

	Command       string   // in texts that come without one; "/extend" if empty
	BotName       string   // as people mention it; "overtime" if empty
	MissingScopes []string // of those that let mentions and direct messages reach the bot
	Spent         Spent    // nil: a Home does not say what is left for the day
	// State is how the bot is, for administrators; nil if nobody knows.
	State func(ctx context.Context) State

	Automation    scheduler.Automation // what happens to meetings that nobody watches
	NotifyChannel string               // reads about meetings that no channel watches; empty = none
	// ApprovalChannel reads what is asked for beyond the limits; empty = nothing is.
	ApprovalChannel string

	Lines     *pace.Lines       // hold Slack's methods back for all that is made of this Config; nil = for each part by itself
	Transport http.RoundTripper // of response_url; nil = http.DefaultTransport
	Logger    *slog.Logger
	Workers   int // commands worked on at once; 64 if 0
	// Observe gets each command that was answered: its verb, the tone of the answer, and how long it took.
	Observe func(verb grammar.Verb, tone Tone, took time.Duration)
}

func (c Config) logger() *slog.Logger { return cmp.Or(c.Logger, slog.New(slog.DiscardHandler)) }

// command is the name of the slash command in texts that come without one.
func (c Config) command() string { return cmp.Or(c.Command, manifest.DefaultCommand) }

// mention is how people mention the bot.
func (c Config) mention() string { return "@" + cmp.Or(c.BotName, "overtime") }
