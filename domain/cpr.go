package domain

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strconv"
	"time"
)

// CPR is a Danish personal number (CPR-nummer), or a replacement number
// (erstatningspersonnummer) for a person who has none. It shows itself only in
// Reveal and Digits.
type CPR struct{ digits string }

var cprShape = regexp.MustCompile(`^(\d{6})\s?[-–]?\s?(\d{4})$`)

// What a text must be to be a CPR number; neither repeats the text.
var (
	errCPRShape = errors.New("must be a CPR number: ten digits, DDMMYY-SSSS")
	errCPRDay   = errors.New("must be a CPR number: it begins with a day that exists in the century that its seventh digit says")
)

// replacement is what is added to the day of birth in a replacement number.
const replacement = 60

// ParseCPR reads ten digits, DDMMYY-SSSS, with or without something between.
// The modulus-11 check is not made: numbers without it are given out since 2007.
func ParseCPR(text string) (CPR, error) {
	parts := cprShape.FindStringSubmatch(text)
	if parts == nil {
		return CPR{}, errCPRShape
	}
	c := CPR{parts[1] + parts[2]}
	if born := c.Born(); born.AddDays(0) != born {
		return CPR{}, errCPRDay
	}
	return c, nil
}

// IsZero reports whether there is no number.
func (c CPR) IsZero() bool { return c == CPR{} }

// Digits gives the ten digits.
func (c CPR) Digits() string { return c.digits }

// Reveal gives the number as people write it, "" when there is none.
func (c CPR) Reveal() string {
	if c.IsZero() {
		return ""
	}
	return c.digits[:6] + "-" + c.digits[6:]
}

// number gives the digits from one place to another as a number.
func (c CPR) number(from, to int) int {
	n, _ := strconv.Atoi(c.digits[from:to]) // digits, says the pattern
	return n
}

// Replacement reports whether it is a replacement number.
func (c CPR) Replacement() bool { return c.number(0, 2) > replacement }

// Born gives the date of birth.
func (c CPR) Born() Date {
	day := c.number(0, 2)
	if c.Replacement() {
		day -= replacement
	}
	return Date{Year: c.year(), Month: time.Month(c.number(2, 4)), Day: day}
}

// year is the year of birth: the seventh digit says the century.
func (c CPR) year() int {
	short := c.number(4, 6)
	switch c.digits[6] {
	case '0', '1', '2', '3':
		return 1900 + short
	case '4', '9':
		if short <= 36 {
			return 2000 + short
		}
		return 1900 + short
	default: // 5 to 8
		if short <= 57 {
			return 2000 + short
		}
		return 1800 + short
	}
}

func (c CPR) String() string { return redacted }

// Format writes String whatever the verb, so that %+v and %#v show no more.
func (c CPR) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue logs String.
func (c CPR) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText writes String, in JSON too.
func (c CPR) MarshalText() ([]byte, error) { return []byte(redacted), nil }
