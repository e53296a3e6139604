package meetingtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Config says what the service knows and how it behaves. The zero value of a field is its default.
type Config struct {
	Now func() time.Time // time.Now

	// Account and Password log in by [0306]. AccountUUID is the account's user, AccountName and
	// AccountEmail what the address book says of it.
	Account, Password                      string
	AccountUUID, AccountName, AccountEmail string
	// NotAdmin makes the account an ordinary user, who may not ask for the enterprise's meetings.
	NotAdmin bool

	// AppID and AppKey log in by [0311]. UserID is the third-party user that is Account; any other is
	// registered as an ordinary user. CorpID set means service-provider mode; empty, one enterprise.
	AppID, AppKey, UserID, CorpID string

	// Readings is what the service does where the reference leaves it open. SetReadings changes it.
	Readings Readings

	Quota   int           // calls a minute and path: 100; negative: none, and no headers
	Latency time.Duration // how long each call takes, half of it before its effect
	ListLag time.Duration // how long the lists and details keep showing the end from before a change

	TokenLife      time.Duration // of an access token: 12 h
	RefreshLife    time.Duration // of a refresh token: 24 h
	ControlLife    time.Duration // of a control token: 30 min
	LoginLockLife  time.Duration // after five wrong passwords of an account: 60 s
	ControlLockFor time.Duration // after five wrong passwords of a meeting: 5 min

	Logger *slog.Logger // discards
}

// Server is the meeting service. Every method may be called concurrently.
type Server struct {
	config Config
	routes map[string]route

	mu       sync.Mutex
	book     book
	accounts accounts
	controls map[string]*controlToken
	windows  map[string][]time.Time // by path: the calls that count
	readings Readings
	quota    int
	lag      time.Duration
	latency  time.Duration
	faults   []*Fault
	record   record

	closing  chan struct{}
	closed   bool
	handlers sync.WaitGroup
	serving  sync.WaitGroup
	http     *http.Server
}

// New makes a service without meetings.
func New(config Config) *Server {
	config = withDefaults(config)
	s := &Server{
		config: config,
		book: book{
			byID: map[string]*run{}, effects: map[string][]Effect{}, prolongations: map[string][]Effect{}, known: map[string]bool{},
		},
		accounts: newAccounts(config),
		controls: make(map[string]*controlToken),
		windows:  make(map[string][]time.Time),
		readings: config.Readings,
		quota:    config.Quota,
		lag:      config.ListLag,
		latency:  config.Latency,
		record:   record{arrived: map[Op]int{}, answered: map[Op]int{}},
		closing:  make(chan struct{}),
	}
	s.routes = s.table()
	own := s.accounts.own
	s.book.know(Person{UUID: own.uuid, Account: own.account, Name: own.name, Email: own.email})
	return s
}

func withDefaults(c Config) Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	c.AccountUUID = cmp.Or(c.AccountUUID, "8d8f0d63a7c24d0b9c1f00000000a001")
	c.AccountName = cmp.Or(c.AccountName, c.Account)
	c.Quota = cmp.Or(c.Quota, 100)
	c.TokenLife = cmp.Or(c.TokenLife, 12*time.Hour)
	c.RefreshLife = cmp.Or(c.RefreshLife, 24*time.Hour)
	c.ControlLife = cmp.Or(c.ControlLife, 30*time.Minute)
	c.LoginLockLife = cmp.Or(c.LoginLockLife, time.Minute)
	c.ControlLockFor = cmp.Or(c.ControlLockFor, 5*time.Minute)
	return c
}

// Start serves on a free loopback port and returns the base URL, without a slash at its end.
// Close ends it; a server starts once.
func (s *Server) Start() (string, error) {
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.http != nil {
		return "", errors.New("start the meeting service: it was started or closed before")
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("start the meeting service: %w", err)
	}
	s.http = server
	s.serving.Go(func() { _ = server.Serve(listener) }) // always ErrServerClosed, after Close
	return "http://" + listener.Addr().String(), nil
}

// Close breaks off every call, also on a listener of somebody else's, and waits for their ends.
func (s *Server) Close() {
	s.mu.Lock()
	server, again := s.http, s.closed
	s.closed = true
	s.mu.Unlock()
	if !again {
		close(s.closing)
	}
	if server != nil {
		_ = server.Close()
	}
	s.serving.Wait()
	s.handlers.Wait()
}

// SetQuota changes the calls a minute and path; 0 or less means no quota. What was used is forgotten.
func (s *Server) SetQuota(calls int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quota = calls
	clear(s.windows)
}

// SetListLag changes how long a new end time stays unseen in lists and details.
func (s *Server) SetListLag(lag time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lag = lag
}

// SetLatency changes how long each call takes.
func (s *Server) SetLatency(latency time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = latency
}
