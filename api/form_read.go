package api

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// formReader reads the fields of a form. What is empty is zero, for the use case
// to judge; what cannot be read is noted. judge brings the two together.
type formReader struct {
	values   url.Values
	faults   domain.Fields
	unjudged []string // fields that say nothing without another, which cannot be read
}

// judge calls a use case with what was read of a form. Where some of it could not be
// read nothing is done, but the use case still says what is wrong with the rest: who
// sent the form is told all at once.
func (r *formReader) judge(ctx context.Context, use func(ctx context.Context) error) error {
	unread := domain.FieldsOf(r.faults.Err())
	if len(unread) == 0 {
		return use(ctx)
	}
	err := use(store.Rehearse(ctx))
	switch domain.KindOf(err) {
	case domain.Unauthenticated, domain.Forbidden, domain.TooMany, domain.Unavailable:
		return err // whatever the form says
	}
	return &halfRead{unread: unread, unjudged: r.unjudged, rest: domain.FieldsOf(err)}
}

// halfRead is what is wrong with a form of which some cannot be read.
type halfRead struct {
	unread   []domain.FieldError // by the form's names
	unjudged []string
	rest     []domain.FieldError // by the use case's
}

func (h *halfRead) Error() string { return h.Unwrap().Error() }

// Unwrap gives what to tell of it where the form's names are not known.
func (h *halfRead) Unwrap() error {
	var f domain.Fields
	for _, bad := range h.unread {
		f.Put(bad)
	}
	return f.Err()
}

// all is everything that is wrong. Of what could not be read the use case was given
// nothing: what it says of that is left out.
func (h *halfRead) all(in web.Input, names map[string]string) []domain.FieldError {
	known := slices.Clone(h.unjudged)
	for _, bad := range h.unread {
		known = append(known, bad.Field)
	}
	list := slices.Clone(h.unread)
	for _, bad := range h.rest {
		if !slices.Contains(known, in.NameOf(bad.Field, names)) {
			list = append(list, bad)
		}
	}
	return list
}

func (r *formReader) text(name string) string { return strings.TrimSpace(r.values.Get(name)) }

// date reads a day as a browser sends it, or as Danes write it.
func (r *formReader) date(name string) domain.Date {
	text := r.text(name)
	if text == "" {
		return domain.Date{}
	}
	for _, layout := range []string{time.DateOnly, "2-1-2006", "2.1.2006", "2/1/2006"} {
		if at, err := time.Parse(layout, text); err == nil {
			return domain.DateOf(at, time.UTC)
		}
	}
	r.faults.Add(name, "no_day", "must be a day, like 21-11-2026")
	return domain.Date{}
}

// someMoment is in the place of one that cannot be read: what is asked only of what
// has a time is then asked too.
var someMoment = time.Unix(0, 0)

// moment reads a day and a time of day at the site from two fields; zero when
// neither is filled in.
func (r *formReader) moment(date, clock string, site *time.Location) time.Time {
	day, text := r.date(date), strings.ReplaceAll(r.text(clock), ".", ":")
	if day.IsZero() && text == "" {
		return time.Time{}
	}
	if r.text(date) == "" {
		r.faults.Add(date, "required", "must not be empty")
	}
	at, err := time.Parse("15:04", text)
	if err != nil {
		r.faults.Add(clock, "no_time", "must be a time of day, like 10:30")
		r.unjudged = append(r.unjudged, date)
		return someMoment
	}
	if day.IsZero() {
		return someMoment
	}
	return time.Date(day.Year, day.Month, day.Day, at.Hour(), at.Minute(), 0, 0, site)
}

// number reads a whole number; 0 when the field is empty.
func (r *formReader) number(name string) int {
	text := r.text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		r.faults.Add(name, "no_number", "must be a whole number")
	}
	return n
}

// version reads which version of something the form was of. A form without one would
// change what nobody has seen.
func (r *formReader) version() int64 {
	n, err := strconv.ParseInt(r.text("version"), 10, 64)
	if err != nil || n < 1 {
		r.faults.Add("version", "unread", "must be the version that was read: open the page again")
	}
	return n
}

// pointed is an amount whose point can stand for nothing but the decimal sign: behind
// one that divides thousands are three digits.
var pointed = regexp.MustCompile(`^([0-9]+)\.([0-9]{1,2})$`)

// money reads an amount as Danes write it, with or without its kr; and with a point for
// the comma, as a phone that speaks English has no other on its number pad.
func (r *formReader) money(name string) int64 {
	text := strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(r.text(name), "."), "kr"))
	minor, ok := domain.ParseMoney(pointed.ReplaceAllString(text, "$1,$2"))
	if !ok {
		r.faults.Add(name, "no_amount", "must be an amount, like 200 or 149,50")
	}
	return minor
}

// id reads what was chosen; zero when nothing was.
func (r *formReader) id(prefix, name string) domain.ID {
	text := r.text(name)
	if text == "" {
		return domain.ID{}
	}
	id, ok := parse(prefix, text)
	if !ok {
		r.faults.Add(name, "unknown", "must be one of those to choose from")
	}
	return id
}
