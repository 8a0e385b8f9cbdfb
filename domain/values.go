package domain

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// ID identifies a row: a UUIDv7, made by the store. The API shows it with a
// prefix that says what it is (vch_, pln_, …).
type ID = uuid.UUID

// Date is a civil date in the site's time zone, with no time of day.
// The zero Date means "not set" and is NULL in the database.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf gives the civil date of t in loc.
func DateOf(t time.Time, loc *time.Location) Date {
	y, m, d := t.In(loc).Date()
	return Date{y, m, d}
}

// ParseDate reads "2026-11-21"; a day that no calendar has is an error.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: want YYYY-MM-DD, a day that exists", s)
	}
	return DateOf(t, time.UTC), nil
}

// IsZero reports whether the date is not set.
func (d Date) IsZero() bool { return d == Date{} }

// In gives midnight at the start of the date in loc.
func (d Date) In(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// AddDays gives the date n days later, or earlier when n < 0.
func (d Date) AddDays(n int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC), time.UTC)
}

// AddMonths gives the same day n months later, or that month's last day where
// the month is shorter: one month after 31 January is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// FirstOfMonth gives the first day of the date's month.
func (d Date) FirstOfMonth() Date { return Date{d.Year, d.Month, 1} }

// Days counts the days from d to other, negative when other is earlier.
func (d Date) Days(other Date) int {
	return int(other.In(time.UTC).Sub(d.In(time.UTC)) / (24 * time.Hour))
}

// Before reports whether d is earlier than other.
func (d Date) Before(other Date) bool { return d.Days(other) > 0 }

// YearsUntil gives a person's age on the date other when born on d.
func (d Date) YearsUntil(other Date) int {
	years := other.Year - d.Year
	if other.Month < d.Month || other.Month == d.Month && other.Day < d.Day {
		years--
	}
	return years
}

func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Danish writes 21-11-2026.
func (d Date) Danish() string { return fmt.Sprintf("%02d-%02d-%04d", d.Day, d.Month, d.Year) }

// English writes 21 November 2026.
func (d Date) English() string { return fmt.Sprintf("%d %s %d", d.Day, d.Month, d.Year) }

// MarshalText and UnmarshalText write and read YYYY-MM-DD, "" when not set.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText is the reverse of MarshalText.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(b))
	return err
}

// Bind reads a date from an address, as UnmarshalText does. With it the generated
// code of the API takes a Date for one value (runtime.Binder); without it, for an
// object whose fields are parameters of their own, and so for not given.
func (d *Date) Bind(src string) error { return d.UnmarshalText([]byte(src)) }

// Value writes the date to a database.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil //nolint:nilnil // NULL is the value of a date that is not set
	}
	return d.String(), nil
}

// Scan reads a date from a database.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case time.Time:
		*d = DateOf(v, time.UTC)
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	default:
		return fmt.Errorf("date: cannot read %T", src)
	}
}

// Strings is a list of words stored as a JSON array in one column.
type Strings []string

// Value writes the list to a database.
func (s Strings) Value() (driver.Value, error) {
	if s == nil {
		s = Strings{}
	}
	b, err := json.Marshal([]string(s))
	return string(b), err
}

// Scan reads the list from a database.
func (s *Strings) Scan(src any) error { return scanJSON(src, (*[]string)(s)) }

// Raw is a JSON document stored in one column; nil is NULL.
type Raw json.RawMessage

// Detail makes an audit entry's detail of plain values.
func Detail(values map[string]any) Raw {
	b, err := json.Marshal(values)
	if err != nil {
		panic(err) // a caller put in something that is no plain value
	}
	return b
}

// MarshalJSON gives the document itself.
func (r Raw) MarshalJSON() ([]byte, error) { return json.RawMessage(r).MarshalJSON() }

// UnmarshalJSON keeps the document as it came.
func (r *Raw) UnmarshalJSON(b []byte) error { return (*json.RawMessage)(r).UnmarshalJSON(b) }

// Value writes the document to a database.
func (r Raw) Value() (driver.Value, error) {
	if r == nil {
		return nil, nil //nolint:nilnil // NULL is the value of a document that is not there
	}
	return string(r), nil
}

// Scan reads the document from a database.
func (r *Raw) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*r = nil
	case string:
		*r = Raw(v)
	case []byte:
		*r = Raw(append([]byte(nil), v...))
	default:
		return fmt.Errorf("json: cannot read %T", src)
	}
	return nil
}

func scanJSON(src, into any) error {
	var raw Raw
	if err := raw.Scan(src); err != nil || raw == nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// Set changes what a change says something about; nil leaves it as it is.
func Set[T any](current, change *T) {
	if change != nil {
		*current = *change
	}
}
