package domain

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Private is a text about a person: a name, a number, something written of
// them. In a database and in JSON it is ciphertext, in a log nothing; only
// Reveal says it. One that was not sealed cannot be stored, so that nobody can
// forget to. The zero Private says nothing.
type Private struct {
	text   string
	sealed string // as stored: "" until it is sealed, and where nothing is said
	erased bool   // its key is destroyed: nobody can read it again
}

// SealedPrefix begins every sealed text; what is stored without it is a text of
// the time before they were sealed.
const SealedPrefix = "fhs1:"

// NewPrivate makes a private text, to be sealed before it is stored.
func NewPrivate(text string) Private { return Private{text: text} }

// Reveal gives the text: "" where nothing is said, it was not opened, or its
// key is destroyed.
func (p Private) Reveal() string { return p.text }

// IsZero reports whether nothing is said.
func (p Private) IsZero() bool { return p == Private{} }

// Erased reports whether the text is lost for good.
func (p Private) Erased() bool { return p.erased }

// Unsealed reports whether there is a text that was not sealed yet.
func (p Private) Unsealed() bool { return p.text != "" && p.sealed == "" }

// Unopened gives the sealed text that Open was not called with yet; "" when
// there is nothing to open.
func (p Private) Unopened() string {
	if p.text != "" || p.erased {
		return ""
	}
	return strings.TrimPrefix(p.sealed, SealedPrefix)
}

// Seal notes how the text is stored.
func (p *Private) Seal(sealed string) { p.sealed = SealedPrefix + sealed }

// Open notes what the sealed text says.
func (p *Private) Open(text string) { p.text = text }

// Erase notes that nobody can read the text again.
func (p *Private) Erase() { p.erased = true }

// redacted is what a log shows of a private value.
const redacted = "[private]"

func (p Private) String() string { return redacted }

// Format writes String whatever the verb, so that %+v and %#v show no more.
func (p Private) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue logs String.
func (p Private) LogValue() slog.Value { return slog.StringValue(redacted) }

var errUnsealed = errors.New("a private text was not sealed")

// MarshalJSON writes the text as it is stored.
func (p Private) MarshalJSON() ([]byte, error) {
	if p.Unsealed() {
		return nil, errUnsealed
	}
	return json.Marshal(p.sealed)
}

// UnmarshalJSON is the reverse of MarshalJSON; what was written before texts
// were sealed is read too.
func (p *Private) UnmarshalJSON(b []byte) error {
	var stored string
	if err := json.Unmarshal(b, &stored); err != nil {
		return err
	}
	return p.Scan(stored)
}

// Value writes the sealed text to a database.
func (p Private) Value() (driver.Value, error) {
	if p.Unsealed() {
		return nil, errUnsealed
	}
	return p.sealed, nil
}

// Scan reads what a database holds.
func (p *Private) Scan(src any) error {
	stored, ok := src.(string)
	switch {
	case !ok:
		return fmt.Errorf("private text: cannot read %T", src)
	case strings.HasPrefix(stored, SealedPrefix):
		*p = Private{sealed: stored}
	default:
		*p = Private{text: stored}
	}
	return nil
}

// PersonalText is one private text of a row, and the place that it is bound to.
type PersonalText struct {
	Column string // "citizens.name"
	Row    ID
	Text   *Private
}

// Personal is a row with private texts, or several.
type Personal interface{ Personal() []PersonalText }

// Personal gives the citizen's private texts.
func (c *Citizen) Personal() []PersonalText {
	return []PersonalText{{"citizens.name", c.ID, &c.Name}, {"citizens.cpr", c.ID, &c.CPR}, {"citizens.phone", c.ID, &c.Phone}, {"citizens.kept_because", c.ID, &c.KeptBecause}}
}

// Personal gives the goal's wording.
func (g *Goal) Personal() []PersonalText {
	return []PersonalText{{"goals.wording", g.ID, &g.Wording}}
}

// Personal gives why the visit was corrected.
func (e *AttendanceEvent) Personal() []PersonalText {
	return []PersonalText{{"attendance_events.reason", e.ID, &e.Reason}}
}

// Personal gives why the visit was corrected.
func (a *Attendance) Personal() []PersonalText { return (*AttendanceEvent)(a).Personal() }

// Personal gives why the award was rejected, or is given by hand.
func (a *Award) Personal() []PersonalText {
	return []PersonalText{{"awards.reason", a.ID, &a.Reason}, {"awards.grounds", a.ID, &a.Grounds}}
}

// Personal gives why the voucher was blocked, voided or re-issued.
func (v *Voucher) Personal() []PersonalText {
	return []PersonalText{{"vouchers.reason", v.ID, &v.Reason}}
}

// Personal gives why the enrolment was moved.
func (m *EnrolmentMove) Personal() []PersonalText {
	return []PersonalText{{"enrolment_moves.reason", m.ID, &m.Reason}}
}

// Personal gives why the pause was changed.
func (p *Pause) Personal() []PersonalText {
	return []PersonalText{{"pauses.changed_because", p.ID, &p.ChangedBecause}}
}
