package domain

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
)

// Phone is a telephone number in the form of E.164, "+4512345678". It shows
// itself only in Reveal.
type Phone struct{ e164 string }

var (
	danishPhone  = regexp.MustCompile(`^[2-9]\d{7}$`)
	foreignPhone = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)
	errPhone     = errors.New("must be a telephone number: eight digits of a Danish one, or + and the country's code")
)

const denmark = "+45"

// ParsePhone reads a Danish number of eight digits, or any with the country's
// code after + or 00. Spaces, dots, hyphens and brackets do not count.
func ParsePhone(text string) (Phone, error) {
	text = strings.NewReplacer(" ", "", ".", "", "-", "", "(", "", ")", "").Replace(text)
	if rest, found := strings.CutPrefix(text, "00"); found {
		text = "+" + rest
	}
	if national, found := strings.CutPrefix(text, denmark); found {
		text = national
	}
	switch {
	case danishPhone.MatchString(text):
		return Phone{denmark + text}, nil
	case foreignPhone.MatchString(text):
		return Phone{text}, nil
	}
	return Phone{}, errPhone
}

// Reveal gives the number, "" when there is none.
func (p Phone) Reveal() string { return p.e164 }

func (p Phone) String() string { return redacted }

// Format writes String whatever the verb, so that %+v and %#v show no more.
func (p Phone) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue logs String.
func (p Phone) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText writes String, in JSON too.
func (p Phone) MarshalText() ([]byte, error) { return []byte(redacted), nil }
