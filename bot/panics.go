package bot

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
)

// logPanic logs a panic that was caught, with its stack. It keeps only the text of the runtime's own panics: any other
// may quote what a person typed.
func logPanic(ctx context.Context, logger *slog.Logger, message string, value any, attributes ...any) {
	text := fmt.Sprintf("%T", value)
	if fault, ok := value.(runtime.Error); ok {
		text = fault.Error()
	}
	logger.ErrorContext(ctx, message, append(attributes, "panic", text, "stack", string(debug.Stack()))...)
}
