package vouchers

import (
	"cmp"
	"context"
	"time"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/mail"
)

// What a municipality has until it says otherwise.
const (
	defaultTimeZone        = "Europe/Copenhagen"
	defaultReversalMinutes = 24 * 60
	maxReversalMinutes     = 7 * 24 * 60
)

// usualLimits are a municipality's for its tills until it says otherwise: a few
// vouchers an hour, some dozens a day.
var usualLimits = domain.Limits{MostPerVoucher: 100_000, MostPerHour: 300_000, MostPerDay: 1_000_000}

// MunicipalityInput is what is said about a new municipality.
type MunicipalityInput struct {
	Name            string
	TimeZone        string // "": Europe/Copenhagen; it decides which date a visit belongs to and never changes
	ReversalMinutes *int   // 0–10080; nil: a day
}

// CreateMunicipality makes a tenant. Its first administrator's token comes from
// the command line: an operator sees nothing inside.
func (s *Service) CreateMunicipality(ctx context.Context, actor domain.Actor, in MunicipalityInput) (domain.Municipality, error) {
	if err := actor.May("createMunicipality"); err != nil {
		return domain.Municipality{}, err
	}
	return s.found(ctx, actor, in)
}

// Found is CreateMunicipality for the command line, where nobody has a token yet.
func (s *Service) Found(ctx context.Context, name, timeZone string) (domain.Municipality, error) {
	return s.found(ctx, domain.Actor{Person: domain.SystemPerson + "found", Role: domain.System}, MunicipalityInput{Name: name, TimeZone: timeZone})
}

// found acts in the municipality that it makes: that is where the audit entry
// belongs.
func (s *Service) found(ctx context.Context, actor domain.Actor, in MunicipalityInput) (m domain.Municipality, err error) {
	actor.MunicipalityID = store.NewID()
	now := s.now()
	m = domain.Municipality{
		MunicipalityID: actor.MunicipalityID, Name: in.Name, TimeZone: cmp.Or(in.TimeZone, defaultTimeZone), ReversalMinutes: defaultReversalMinutes,
		Limits: usualLimits, SealedAt: &now, Version: 1, CreatedAt: now,
	}
	domain.Set(&m.ReversalMinutes, in.ReversalMinutes)
	var f domain.Fields
	checkMunicipality(&f, &m)
	_, unknown := time.LoadLocation(m.TimeZone)
	f.Check(unknown == nil && m.TimeZone != "Local", "time_zone", "unknown", "must be an IANA name, like %s", defaultTimeZone)
	if err := f.Err(); err != nil {
		return domain.Municipality{}, err
	}
	err = s.store.Write(ctx, actor, func(tx *store.Tx) error {
		if err := store.Insert(tx, &m); err != nil {
			return err
		}
		return tx.Audit("createMunicipality", "municipality", m.MunicipalityID, m.CreatedAt, nil)
	})
	return m, err
}

// checkMunicipality cleans the fields that can change and notes what is wrong
// with them.
func checkMunicipality(f *domain.Fields, m *domain.Municipality) {
	m.Name = f.Clean("name", m.Name, 200, false)
	f.Check(m.ReversalMinutes >= 0 && m.ReversalMinutes <= maxReversalMinutes, "reversal_minutes", "out_of_range",
		"must be 0 to %d, a week", maxReversalMinutes)
	if m.FinanceEmail = f.Clean("finance_email", m.FinanceEmail, 254, true); m.FinanceEmail != "" {
		if wrong := mail.Check(m.FinanceEmail); wrong != nil {
			f.Add("finance_email", "invalid", "%s", wrong)
		}
	}
	access.CheckLimits(f, m.Limits, 1)
}

// MunicipalityChange says what to change; nil stays as it is.
type MunicipalityChange struct {
	Name            *string
	ReversalMinutes *int    // 0–10080
	FinanceEmail    *string // "" takes it away
	MostPerVoucher  *int64  // of a till that has no such limit of its own, in minor units, > 0; so are the next two
	MostPerHour     *int64
	MostPerDay      *int64

	EraseAfterMonths *int // 7–120, or 0 for not by itself; a shorter time holds after a notice
}

// UpdateMunicipality changes the actor's own municipality. Stale unless version
// is the one last read.
func (s *Service) UpdateMunicipality(ctx context.Context, actor domain.Actor, version int64, change MunicipalityChange) (m domain.Municipality, err error) {
	err = s.write(ctx, actor, "updateMunicipality", func(tx *store.Tx) error {
		if m, err = store.First[domain.Municipality](tx); err != nil {
			return err
		}
		var f domain.Fields
		domain.Set(&m.Name, change.Name)
		domain.Set(&m.ReversalMinutes, change.ReversalMinutes)
		domain.Set(&m.FinanceEmail, change.FinanceEmail)
		domain.Set(&m.MostPerVoucher, change.MostPerVoucher)
		domain.Set(&m.MostPerHour, change.MostPerHour)
		domain.Set(&m.MostPerDay, change.MostPerDay)
		checkMunicipality(&f, &m)
		if err := s.changeErasure(tx, &f, &m, change.EraseAfterMonths); err != nil {
			return err
		}
		if err := f.Err(); err != nil {
			return err
		}
		m.Version = version + 1
		columns := map[string]any{"reversal_minutes": m.ReversalMinutes, "most_per_voucher": m.MostPerVoucher, "most_per_hour": m.MostPerHour, "most_per_day": m.MostPerDay,
			"erase_after_months": m.EraseAfterMonths, "erase_next_months": m.EraseNextMonths, "erase_next_from": m.EraseNextFrom}
		detail := domain.Detail(columns)
		columns["name"], columns["finance_email"] = m.Name, m.FinanceEmail
		if err := store.SetMunicipality(tx, version, columns); err != nil {
			return err
		}
		return tx.Audit("updateMunicipality", "municipality", m.MunicipalityID, s.now(), detail)
	})
	return m, err
}

// changeErasure puts in when people are erased, and what was to come and has come.
func (s *Service) changeErasure(tx *store.Tx, f *domain.Fields, m *domain.Municipality, months *int) error {
	today, err := s.today(tx)
	if err != nil {
		return err
	}
	m.Erasure = m.On(today)
	if months != nil {
		f.Check(*months == 0 || *months >= domain.FewestMonthsKept && *months <= domain.MostMonthsKept, "erase_after_months", "out_of_range",
			"must be %d to %d, for a plan is followed up six months after it has ended; or 0 for not by itself", domain.FewestMonthsKept, domain.MostMonthsKept)
		m.Erasure = m.Changed(*months, today)
	}
	return nil
}

// Municipality gives the actor's own municipality.
func (s *Service) Municipality(ctx context.Context, actor domain.Actor) (m domain.Municipality, err error) {
	err = s.read(ctx, actor, "getMunicipality", func(tx *store.Tx) error {
		_, m, err = s.over(tx)
		return err
	})
	return m, err
}

// Municipalities lists every municipality there is, for who hosts them.
func (s *Service) Municipalities(ctx context.Context, actor domain.Actor, page store.Page) (l Listed[domain.Municipality], err error) {
	if err := actor.May("listMunicipalities"); err != nil {
		return l, err
	}
	l.Rows, l.More, err = s.store.Municipalities(ctx, page)
	for i := range l.Rows {
		m := &l.Rows[i]
		loc, err := time.LoadLocation(m.TimeZone)
		if err != nil {
			return l, err
		}
		m.Erasure = m.On(domain.DateOf(s.now(), loc))
	}
	return l, err
}
