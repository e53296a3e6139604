package slacksim

import (
	"embed"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

//go:embed all:page/dist
var pageFiles embed.FS

const (
	maxPageBody  = 64 << 10 // bytes of a request of the page
	maxStreams   = 64
	streamPause  = 50 * time.Millisecond // changes within it are told once
	streamBeat   = 15 * time.Second
	streamPeriod = 5 * time.Second // for one write
)

// routePage mounts the page and its API. Everything here is guarded: a page of the open web must not drive it.
func (s *Server) routePage(mux *http.ServeMux) {
	files, err := fs.Sub(pageFiles, "page/dist")
	if err != nil {
		panic(err) // the path is a constant
	}
	mux.Handle("/", s.guard(http.FileServerFS(files)))
	mux.Handle("GET /sim/state", s.guard(http.HandlerFunc(s.serveState)))
	mux.Handle("GET /sim/events", s.guard(http.HandlerFunc(s.serveEvents)))
	for path, handler := range s.pageActs() {
		mux.Handle("POST /sim/"+path, s.guard(handler))
	}
	for path, handler := range s.cfg.Extra {
		mux.Handle(path, s.guard(handler))
	}
}

// guard lets in only requests to a loopback name (a foreign name that resolves here is DNS rebinding) and, for
// changes, only from the page itself (CSRF), as JSON.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'; "+
			"img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; "+
			"frame-ancestors 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("X-Frame-Options", "DENY")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
		w.Header().Set("Cache-Control", "no-cache")
		if !s.allowedHost(r.Host) {
			refusePage(w, http.StatusForbidden, "host_not_allowed")
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			if !s.ownOrigin(r) {
				refusePage(w, http.StatusForbidden, "origin_not_allowed")
				return
			}
			if !isJSON(r) {
				refusePage(w, http.StatusUnsupportedMediaType, "json_expected")
				return
			}
			r.Body = http.MaxBytesReader(w, r.Body, maxPageBody)
		}
		next.ServeHTTP(w, r)
	})
}

// allowedHost says whether a Host header names this machine's loopback, or a host that was allowed.
func (s *Server) allowedHost(host string) bool {
	name := host
	if bare, _, err := net.SplitHostPort(host); err == nil {
		name = bare
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	if name == "localhost" || slices.Contains(s.cfg.Hosts, name) {
		return true
	}
	ip := net.ParseIP(name)
	return ip != nil && ip.IsLoopback()
}

// ownOrigin says whether a change comes from the page itself, or from a program that is no browser.
func (s *Server) ownOrigin(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin":
	default:
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	parsed, err := url.Parse(origin)
	return err == nil && (parsed.Scheme == "http" || parsed.Scheme == "https") &&
		strings.EqualFold(parsed.Host, r.Host)
}

func refusePage(w http.ResponseWriter, status int, code string) {
	writeJSON(w, status, object{"ok": false, "error": code})
}

func (s *Server) serveState(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, s.snapshot())
}

// serveEvents tells the page that the state has changed, a few times a second at most.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	if !s.enterStream() {
		refusePage(w, http.StatusServiceUnavailable, "too_many_streams")
		return
	}
	defer s.leaveStream()
	w.Header().Set("Content-Type", "text/event-stream")
	beat := time.NewTicker(streamBeat)
	defer beat.Stop()
	for {
		changed := s.nextChange()
		if !tell(w, "data: changed\n\n") {
			return
		}
		if !s.awaitChange(w, r, changed, beat.C) || !s.pause(r, streamPause) {
			return
		}
	}
}

// awaitChange keeps the stream alive until something changes; false when it is over.
func (s *Server) awaitChange(w http.ResponseWriter, r *http.Request, changed <-chan struct{}, beat <-chan time.Time) bool {
	for {
		select {
		case <-changed:
			return true
		case <-beat:
			if !tell(w, ": still here\n\n") {
				return false
			}
		case <-r.Context().Done():
			return false
		case <-s.done:
			return false
		}
	}
}

func tell(w http.ResponseWriter, line string) bool {
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Now().Add(streamPeriod)) // the server's own limit is for answers that end
	if _, err := w.Write([]byte(line)); err != nil {
		return false
	}
	return control.Flush() == nil
}

func (s *Server) enterStream() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.streams >= maxStreams {
		return false
	}
	s.streams++
	return true
}

func (s *Server) leaveStream() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams--
}
