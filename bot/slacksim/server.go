package slacksim

import (
	"cmp"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
)

// The app that is under test, as its workspace knows it.
const (
	AppID     = "A0OVERTIME"
	BotID     = "B0OVERTIME"
	BotUserID = "U0OVERTIME"
	BotName   = "overtime"

	slackbotID = "USLACKBOT"
)

// Team is the workspace that the app is installed in. EnterpriseID is empty outside of Enterprise Grid.
type Team struct {
	ID, Name, Domain             string
	EnterpriseID, EnterpriseName string
}

// Config sets the stand-in up. Only the two tokens are required.
type Config struct {
	// Now is the clock of messages, triggers, response_urls and rate limits; default time.Now. Acks, pings and
	// socket lifetimes are measured in real time.
	Now    func() time.Time
	Logger *slog.Logger

	BotToken, AppToken string
	Team               Team
	Commands           []string   // slash commands of the app; default /extend
	Shortcuts          []Shortcut // default: those of the bot's manifest
	Events             []string   // that the app has subscribed to; default: those of the bot's manifest
	Scopes             []string   // of the bot token; default: all that the bot uses
	AppScopes          []string   // of the app token; default connections:write

	PingInterval   time.Duration // between the server's pings; default 10 s
	AckTimeout     time.Duration // until the person sees operation_timeout; default 3 s
	WarningDelay   time.Duration // between a warning and the close; default 10 s
	ZombieTimeout  time.Duration // without a sign of life until a socket is dropped; default 60 s
	SocketLifetime time.Duration // until a socket is recycled; default 18060 s
	MaxSockets     int           // default 10

	// RedeliverFor is how long an envelope whose socket died before the ack is sent again to each new connection;
	// default 1 min, negative = never.
	RedeliverFor time.Duration
	// EventRetries are the delays after which an unacked event is sent again; default at once, 1 min, 5 min.
	EventRetries []time.Duration

	// MessageBurst is how many messages a channel takes at once before it is held to one a second; default 20,
	// negative = no limit.
	MessageBurst int
	// NoTiers switches off the rate tiers of the methods.
	NoTiers bool

	MessagesKept int // per channel; default 2000

	Hosts []string                // host names, other than loopback, under which the page may be opened
	Extra map[string]http.Handler // mounted beside the page, for example at "/sim/world"
	// Observe, if set, is called for each envelope sent, acked and answered. It must be quick.
	Observe func(Event)
}

// defaultScopes are what an app made from the bot's manifest has, and no others: a call without its scope is refused.
var defaultScopes = []string{
	"commands", "chat:write", "users:read", "users:read.email", "usergroups:read", "channels:read", "groups:read",
	"app_mentions:read", "im:history",
}

// Server is the stand-in. It is an http.Handler for everything: /api/, /link/, /commands/, /actions/, /app/, /sim/, /.
type Server struct {
	cfg     Config
	mux     *http.ServeMux
	timers  timers
	links   sync.WaitGroup // connections, also those that are being turned away
	done    chan struct{}
	methods map[string]method

	mu       sync.Mutex // guards everything below; never held while writing to a socket
	closed   bool
	base     string
	foreign  string        // in place of base, for sockets
	changed  chan struct{} // closed at the next change; nil while nobody waits
	scopes   []string
	people   directory
	sockets  socketTable
	mail     envelopeTable
	replies  map[string]*responseURL
	replyAge []*responseURL
	triggers triggerTable
	views    viewTable
	planned  scheduleTable
	limits   map[string]*bucket
	faults   faultTable
	warnings []string
	lastTS   int64
	serial   int64
	streams  int
}

// New makes the stand-in. The caller serves it and calls Close.
func New(cfg Config) *Server {
	s := &Server{
		cfg:      withDefaults(cfg),
		done:     make(chan struct{}),
		methods:  methods(),
		people:   directory{users: map[string]*User{}, channels: map[string]*conversation{}, groups: map[string]*Group{}},
		sockets:  socketTable{tickets: map[string]time.Time{}},
		mail:     envelopeTable{byID: map[string]*envelope{}},
		replies:  map[string]*responseURL{},
		triggers: triggerTable{byID: map[string]*trigger{}},
		views:    viewTable{stacks: map[string][]*view{}, homes: map[string]*view{}},
		limits:   map[string]*bucket{},
		faults:   faultTable{queued: map[string][]Failure{}, calls: map[string]int{}},
	}
	s.scopes = s.cfg.Scopes
	s.storeUser(User{ID: BotUserID, Name: BotName, RealName: "Overtime", Bot: true})
	s.storeUser(User{ID: slackbotID, Name: "slackbot", RealName: "Slackbot", Bot: true})
	s.mux = s.routes()
	return s
}

// Defaults is what New makes of a Config that leaves all out.
func Defaults() Config { return withDefaults(Config{}) }

func withDefaults(cfg Config) Config {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	cfg.Team.ID = cmp.Or(cfg.Team.ID, "T0ACME")
	cfg.Team.Name = cmp.Or(cfg.Team.Name, "Acme")
	cfg.Team.Domain = cmp.Or(cfg.Team.Domain, strings.ToLower(strings.ReplaceAll(cfg.Team.Name, " ", "-")))
	cfg.PingInterval = cmp.Or(cfg.PingInterval, 10*time.Second)
	cfg.AckTimeout = cmp.Or(cfg.AckTimeout, 3*time.Second)
	cfg.WarningDelay = cmp.Or(cfg.WarningDelay, 10*time.Second)
	cfg.ZombieTimeout = cmp.Or(cfg.ZombieTimeout, time.Minute)
	cfg.SocketLifetime = cmp.Or(cfg.SocketLifetime, 18060*time.Second)
	cfg.RedeliverFor = cmp.Or(cfg.RedeliverFor, time.Minute)
	cfg.MaxSockets = cmp.Or(cfg.MaxSockets, 10)
	cfg.MessageBurst = cmp.Or(cfg.MessageBurst, 20)
	cfg.MessagesKept = cmp.Or(cfg.MessagesKept, 2000)
	if cfg.Commands == nil {
		cfg.Commands = []string{"/extend"}
	}
	if cfg.Scopes == nil {
		cfg.Scopes = defaultScopes
	}
	if cfg.Events == nil {
		cfg.Events = []string{"app_home_opened", "app_mention", "member_joined_channel", "message.im"}
	}
	if cfg.Shortcuts == nil {
		cfg.Shortcuts = []Shortcut{{"Extend a meeting", "extend_meeting", false}, {"Extend this meeting", "extend_from_message", true}}
	}
	if cfg.AppScopes == nil {
		cfg.AppScopes = []string{"connections:write"}
	}
	if cfg.EventRetries == nil {
		cfg.EventRetries = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	return cfg
}

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("/link/", s.serveLink)
	mux.HandleFunc("/commands/", s.serveResponseURL)
	mux.HandleFunc("/actions/", s.serveResponseURL)
	mux.HandleFunc("/app/", s.serveResponseURL) // of message shortcuts
	s.routePage(mux)
	return mux
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// SetURL sets the address (scheme and host) that socket and response_url addresses begin with. Without it they begin with
// the Host of the first apps.connections.open.
func (s *Server) SetURL(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = strings.TrimRight(base, "/")
}

// SetSocketURL makes apps.connections.open name an address (scheme and host) of somebody else's; empty ends that.
func (s *Server) SetSocketURL(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.foreign = strings.TrimRight(base, "/")
}

// SetScopes changes the scopes of the bot token.
func (s *Server) SetScopes(scopes ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scopes = scopes
}

// Close ends all sockets and event streams. When it returns, every goroutine that the stand-in started has ended.
func (s *Server) Close() {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.done)
	}
	open := s.sockets.all()
	s.mu.Unlock()
	s.timers.stop()
	for _, socket := range open {
		socket.sayGoodbye(closeGoingAway, "the stand-in is closing")
	}
	s.links.Wait()
}
