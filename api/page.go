package api

import (
	"encoding/base64"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// usualLimit is how many a page holds when the caller does not say.
const usualLimit = 25

// page reads where in a list the caller is. A cursor is the last row's ID in
// base64url, which is opaque enough to stay free to change.
func page(limit int, cursor string) (store.Page, error) {
	p := store.Page{Limit: limit}
	if limit == 0 {
		p.Limit = usualLimit
	}
	if cursor == "" {
		return p, nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err == nil && len(raw) == len(p.After) {
		copy(p.After[:], raw)
	}
	if p.After == (domain.ID{}) { // which would be the first page
		return p, malformed(domain.FieldError{Field: "cursor", Code: "unknown", Message: "must be the next_cursor of the page before"})
	}
	return p, nil
}

// listed shows one page of rows, and the cursor to the next when there is one.
func listed[R, D any](l vouchers.Listed[R], id func(R) domain.ID, show func(R) D) (data []D, more bool, next string) {
	data = each(l.Rows, show)
	if l.More {
		last := id(l.Rows[len(l.Rows)-1])
		next = base64.RawURLEncoding.EncodeToString(last[:])
	}
	return data, l.More, next
}

// each shows rows one by one; never nil, so that no rows are [] and not null.
func each[R, D any](rows []R, show func(R) D) []D {
	data := make([]D, len(rows))
	for i, r := range rows {
		data[i] = show(r)
	}
	return data
}

// given makes a change of a field: nil, so none, when the request left it out.
func given[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}
