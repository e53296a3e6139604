package meeting

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestReadBody(t *testing.T) {
	for _, length := range []int64{-1, 0, 5, 10, 1 << 40} { // what the header says
		for _, size := range []int{0, 1, 10, 700, 5000} {
			text := strings.Repeat("x", size)
			response := &http.Response{ContentLength: length, Body: io.NopCloser(strings.NewReader(text))}
			got, err := readBody(response, call{limit: 4000})
			name := fmt.Sprintf("length %d, size %d", length, size)
			if size > 4000 {
				if !errors.Is(err, errTooLong) || got != nil {
					t.Errorf("%s: %d bytes, %v", name, len(got), err)
				}
			} else if string(got) != text || err != nil {
				t.Errorf("%s: %d bytes, %v", name, len(got), err)
			}
			if cap(got) > 16000 {
				t.Errorf("%s: takes %d bytes", name, cap(got))
			}
		}
	}
}
