package vouchers

import (
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

func ofPlans(m *market) *[]domain.Plan           { return &m.plans }
func ofVisits(m *market) *[]domain.ID            { return &m.visits }
func ofVouchers(m *market) *[]domain.Voucher     { return &m.vouchers }
func ofAwards(m *market) *[]domain.ID            { return &m.awards }
func ofPurchases(m *market) *[]domain.ID         { return &m.purchases }
func ofEnrolments(m *market) *[]domain.Enrolment { return &m.enrolments }
func ofWithholdings(m *market) *[]domain.ID      { return &m.withholdings }

// earned keeps what a visit gave.
func (m *market) earned(a Answer[Attended], err error) error {
	if err != nil {
		return err
	}
	made(m, &m.visits, a.Value.Attendance.AttendanceID)
	made(m, &m.vouchers, a.Value.Vouchers...)
	for _, award := range a.Value.Awards {
		made(m, &m.awards, award.ID)
	}
	return nil
}

// decided keeps what an approval gave.
func (m *market) decided(d Answer[Decided], err error) error {
	if err == nil && d.Value.Voucher != nil {
		made(m, &m.vouchers, *d.Value.Voucher)
	}
	return err
}

// hour is that of a visit: there are few, so that they meet.
func hour(choice int) time.Time {
	return instant("2026-02-01T08:00:00Z").Add(time.Duration(choice%57) * 12 * time.Hour)
}

func outcome(choice int) string {
	return append([]string{domain.Attended, domain.Attended, domain.Attended, domain.Attended}, domain.Outcomes...)[choice%(4+len(domain.Outcomes))]
}

// treatment is what caseworkers and leaders do about visits.
func treatment() verbs {
	attend := over(ofPlans, func(m *market, p domain.Plan, a act) error {
		return m.earned(m.Attend(m.t.Context(), m.worker(a.choice), Key{}, Visit{PlanID: p.ID, OccurredAt: hour(a.choice), Kind: "group", Outcome: outcome(a.choice / 57)}))
	})
	return verbs{
		"attend": attend, "attend again": attend, "attend still": attend, "attend more": attend,
		"correct": over(ofVisits, func(m *market, id domain.ID, a act) error {
			return m.earned(m.Correct(m.t.Context(), m.worker(a.choice), Key{}, Correction{AttendanceID: id, Outcome: outcome(a.choice), Reason: why}))
		}),
		"cancel": over(ofVisits, func(m *market, id domain.ID, a act) error {
			if a.choice%2 > 0 {
				return nil
			}
			return m.earned(m.CancelAttendance(m.t.Context(), m.worker(a.choice), Key{}, id, why))
		}),
	}
}

// deciding is what caseworkers and leaders do about awards.
func deciding() verbs {
	approve := over(ofAwards, func(m *market, id domain.ID, a act) error {
		return m.decided(m.Approve(m.t.Context(), m.leader(a.choice), Key{}, id, 0))
	})
	return verbs{
		"approve": approve, "approve more": approve,
		"reject": over(ofAwards, func(m *market, id domain.ID, a act) error {
			if a.choice%3 > 0 {
				return nil
			}
			return second(m.Reject(m.t.Context(), m.leader(a.choice), Key{}, id, why))
		}),
		"grant": over(ofEnrolments, func(m *market, e domain.Enrolment, a act) error {
			d, err := m.ProposeGrant(m.t.Context(), m.worker(a.choice), Key{}, GrantInput{EnrolmentID: e.ID, Amount: []int64{1, 3000, 10000, 20000}[a.choice%4], Grounds: why, Evidence: "SAG-1"})
			if err != nil {
				return err
			}
			made(m, &m.awards, d.Value.Award.ID)
			if a.choice%5 == 0 { // thought better of, before anybody has decided
				return second(m.WithdrawGrant(m.t.Context(), m.worker(a.choice), d.Value.Award.ID))
			}
			return m.decided(d, err)
		}),
		"withdraw": over(ofAwards, func(m *market, id domain.ID, a act) error {
			return second(m.WithdrawGrant(m.t.Context(), m.worker(a.choice), id))
		}),
		"withhold": over(ofAwards, func(m *market, id domain.ID, a act) error {
			w, err := m.ProposeWithholding(m.t.Context(), m.worker(a.choice), Key{}, WithholdingInput{AwardID: id, Reason: why, Evidence: "SAG-2"})
			if err == nil {
				made(m, &m.withholdings, w.Value.ID)
			}
			return err
		}),
		"decide withholding": over(ofWithholdings, func(m *market, id domain.ID, a act) error {
			if a.choice%3 == 0 {
				return second(m.RejectWithholding(m.t.Context(), m.leader(a.choice), id, why))
			}
			return second(m.ApproveWithholding(m.t.Context(), m.leader(a.choice), Key{}, id))
		}),
	}
}

// cards is what happens to vouchers but for spending them.
func cards() verbs {
	unblock := over(ofVouchers, func(m *market, v domain.Voucher, a act) error {
		return second(m.Unblock(m.t.Context(), m.worker(a.choice), v.ID, why))
	})
	return verbs{
		"block": over(ofVouchers, func(m *market, v domain.Voucher, a act) error {
			err := second(m.Block(m.t.Context(), m.worker(a.choice), v.ID, why))
			if err == nil && a.choice%3 == 0 { // found again
				_, err = m.Unblock(m.t.Context(), m.worker(a.choice), v.ID, why)
			}
			return err
		}),
		"unblock": unblock, "unblock more": unblock,
		"reissue": over(ofVouchers, func(m *market, v domain.Voucher, a act) error {
			r, err := m.Reissue(m.t.Context(), m.worker(a.choice), Key{}, v.ID, why)
			if err == nil {
				made(m, &m.vouchers, r.Value.New)
			}
			return err
		}),
		"void": over(ofVouchers, func(m *market, v domain.Voucher, a act) error {
			if a.choice%3 > 0 {
				return nil
			}
			return second(m.Void(m.t.Context(), m.leader(a.choice), Key{}, v.ID, why))
		}),
	}
}

// shop is what a till does.
func shop(till int) verbs {
	redeem := over(ofVouchers, func(m *market, v domain.Voucher, a act) error {
		secret, err := m.codes.Remake(v.ID, v.KeyID)
		if err != nil {
			return err
		}
		r, err := m.Redeem(m.t.Context(), m.tills[till], Key{}, Redeem{Code: secret.Reveal(), Amount: []int64{0, 1, 2500, 5000, 5000, 20000}[a.choice%6], ClientRedemptionID: store.NewID().String()})
		if err == nil {
			made(m, &m.purchases, r.Value.ID)
		}
		return err
	})
	return verbs{
		"redeem": redeem, "redeem more": redeem, "redeem again": redeem, "redeem still": redeem,
		"take back": over(ofPurchases, func(m *market, id domain.ID, a act) error {
			if a.choice%3 > 0 {
				return nil
			}
			return second(m.Reverse(m.t.Context(), m.tills[till], Key{}, id, why))
		}),
	}
}
