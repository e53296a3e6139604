package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"modernc.org/sqlite"
)

// prepared runs statements that it prepares once: parsing costs SQLite more than running. It is on a pool or a connection.
type prepared struct {
	on interface {
		PrepareContext(ctx context.Context, text string) (*sql.Stmt, error)
	}
	lock       sync.Mutex
	statements map[string]*sql.Stmt
	closed     bool
}

func (p *prepared) statement(text string) (*sql.Stmt, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.closed {
		return nil, ErrClosed
	}
	if known := p.statements[text]; known != nil {
		return known, nil
	}
	// Not the caller's context: the statement outlives the call.
	statement, err := p.on.PrepareContext(context.Background(), text)
	if err != nil {
		return nil, err
	}
	if p.statements == nil {
		p.statements = make(map[string]*sql.Stmt)
	}
	p.statements[text] = statement
	return statement, nil
}

func (p *prepared) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	statement, err := p.statement(text)
	if err != nil {
		return nil, err
	}
	return statement.QueryContext(ctx, args...)
}

func (p *prepared) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	statement, err := p.statement(text)
	if err != nil {
		return nil, err
	}
	return statement.ExecContext(ctx, args...)
}

func (p *prepared) close() error {
	p.lock.Lock()
	defer p.lock.Unlock()
	var failed error
	for _, statement := range p.statements {
		failed = errors.Join(failed, statement.Close())
	}
	p.closed = true
	return failed
}

// isCode looks at the primary result code: the low byte of what SQLite returns.
func isCode(err error, code int) bool {
	var failed *sqlite.Error
	return errors.As(err, &failed) && failed.Code()&0xff == code
}
