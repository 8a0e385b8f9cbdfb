package vouchers

import (
	"time"

	"github.com/fasthold/fasthold/domain"
	partners "github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
)

func ofRuns(m *market) *[]domain.ID        { return &m.runs }
func ofSettlements(m *market) *[]domain.ID { return &m.settlements }
func ofHolds(m *market) *[]domain.ID       { return &m.holds }

func (m *market) today() domain.Date { return domain.DateOf(m.time.now(), time.UTC) }

func (m *market) untilToday() partners.Period {
	return partners.Period{From: m.today().AddDays(-40), To: m.today()}
}

func (m *market) draft(a act) error {
	r, err := m.office.DraftRun(m.t.Context(), m.finance(a.choice), store.Key{}, m.untilToday())
	if err == nil {
		made(m, &m.runs, r.Value.ID)
	}
	return err
}

// approveRun approves a draft and keeps what is settled by it.
func (m *market) approveRun(id domain.ID, who domain.Actor) error {
	if _, err := m.office.ApproveRun(m.t.Context(), who, store.Key{}, id, 0); err != nil {
		return err
	}
	all, err := m.office.Settlements(m.t.Context(), who, store.Page{Limit: 100}, partners.Filter{RunID: id})
	for _, one := range all.Rows {
		made(m, &m.settlements, one.ID)
	}
	return err
}

func (m *market) file(id domain.ID, a act) error {
	return second(m.office.FileRun(m.t.Context(), m.finance(a.choice), store.Key{}, id, domain.BankDayFrom(m.today().AddDays(a.choice%2))))
}

func (m *market) pay(id domain.ID, a act) error {
	return second(m.office.PayRun(m.t.Context(), m.finance(a.choice), store.Key{}, id, partners.Paid{On: m.today()}))
}

// settleOn takes the newest run one step on, or makes the next.
func (m *market) settleOn(a act) error {
	newest, err := m.office.Runs(m.t.Context(), m.money[0], store.Page{Limit: 1}, partners.RunFilter{})
	if err != nil {
		return err
	}
	if len(newest.Rows) == 0 {
		return m.draft(a)
	}
	run := newest.Rows[0]
	switch run.State {
	case domain.RunDraft:
		who := m.money[0]
		if run.MadeBy == who.Person {
			who = m.money[1]
		}
		if err := m.approveRun(run.ID, who); domain.CodeOf(err) == "draft_outdated" {
			return second(m.office.RemakeRun(m.t.Context(), m.finance(a.choice), store.Key{}, run.ID, m.untilToday()))
		} else if err != nil {
			return err
		}
		return nil
	case domain.RunApproved:
		return m.file(run.ID, a)
	case domain.RunFiled:
		return m.pay(run.ID, a)
	}
	return m.draft(a)
}

// settling is what finance does about runs.
func settling() verbs {
	on := func(m *market, a act) error { return m.settleOn(a) }
	bounce := over(ofSettlements, func(m *market, id domain.ID, a act) error {
		if a.choice%3 > 0 {
			return nil
		}
		if a.choice%4 == 3 {
			return second(m.office.Unbounce(m.t.Context(), m.finance(a.choice), store.Key{}, id, why))
		}
		return second(m.office.Bounce(m.t.Context(), m.finance(a.choice), store.Key{}, id, partners.Bounced{Reason: why, AlthoughReconciled: true}))
	})
	corrected := func(m *market, a act) error { return m.correctSettled(a) }
	return verbs{
		"correct settled": corrected, "correct settled again": corrected,
		"settle on": on, "settle on again": on, "settle on still": on, "settle on more": on,
		"draft": func(m *market, a act) error { return m.draft(a) },
		"remake": over(ofRuns, func(m *market, id domain.ID, a act) error {
			return second(m.office.RemakeRun(m.t.Context(), m.finance(a.choice), store.Key{}, id, m.untilToday()))
		}),
		"approve run": over(ofRuns, func(m *market, id domain.ID, a act) error { return m.approveRun(id, m.finance(a.choice)) }),
		"file":        over(ofRuns, func(m *market, id domain.ID, a act) error { return m.file(id, a) }),
		"pay":         over(ofRuns, func(m *market, id domain.ID, a act) error { return m.pay(id, a) }),
		"reverse run": over(ofRuns, func(m *market, id domain.ID, a act) error {
			if a.choice%2 > 0 {
				return nil
			}
			return second(m.office.ReverseRun(m.t.Context(), m.finance(a.choice), store.Key{}, id, why))
		}),
		"bounce": bounce,
		"account": over(func(m *market) *[]domain.ID { return &m.partners }, func(m *market, id domain.ID, a act) error {
			if a.choice%3 > 0 || id == m.tills[2].Partner.ID { // who goes on sending invoices
				return nil
			}
			return m.account(m.finance(a.choice), id, a.choice)
		}),
	}
}

// correctSettled says of a payment that is said to have come back that it did not, and of
// one of which that was said that it did after all.
func (m *market) correctSettled(a act) error {
	state := []domain.SettlementState{domain.SettlementBounced, domain.SettlementBounced, domain.SettlementReversed}[a.choice%3]
	l, err := m.office.Settlements(m.t.Context(), m.money[0], store.Page{Limit: 4}, partners.Filter{State: state})
	if err != nil || len(l.Rows) == 0 {
		return err
	}
	id := l.Rows[a.which%uint(len(l.Rows))].ID
	if _, err := m.office.Unbounce(m.t.Context(), m.finance(a.choice), store.Key{}, id, why); domain.CodeOf(err) != "wrong_state" {
		return err
	}
	return second(m.office.Bounce(m.t.Context(), m.finance(a.choice), store.Key{}, id, partners.Bounced{Reason: why, AlthoughReconciled: true}))
}

// disputing is what finance does about single purchases.
func disputing() verbs {
	hold := over(ofPurchases, func(m *market, id domain.ID, a act) error {
		h, err := m.office.Hold(m.t.Context(), m.finance(a.choice), store.Key{}, id, why)
		if err == nil {
			made(m, &m.holds, h.Value.ID)
		}
		return err
	})
	return verbs{
		"hold": hold, "hold again": hold,
		"reverse": over(ofPurchases, func(m *market, id domain.ID, a act) error {
			if a.choice%3 > 0 {
				return nil
			}
			return second(m.Reverse(m.t.Context(), m.finance(a.choice), Key{}, id, why))
		}),
		"release": over(ofHolds, func(m *market, id domain.ID, a act) error {
			return second(m.office.ReleaseHold(m.t.Context(), m.finance(a.choice), store.Key{}, id, why))
		}),
		"reject hold": over(ofHolds, func(m *market, id domain.ID, a act) error {
			return second(m.office.RejectHold(m.t.Context(), m.finance(a.choice), store.Key{}, id, why))
		}),
	}
}
