package slacksim

import (
	"fmt"
	"io"
	"mime/multipart"
	"net/url"
)

// multipartValues reads the fields of a multipart form.
func multipartValues(body io.Reader, boundary string) (url.Values, error) {
	form, err := multipart.NewReader(body, boundary).ReadForm(maxBody)
	if err != nil {
		return nil, fmt.Errorf("read multipart form: %w", err)
	}
	defer func() { _ = form.RemoveAll() }()
	return form.Value, nil
}
