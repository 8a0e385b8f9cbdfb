package main

import (
	"context"
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// outcome decides how the nth citizen's visit in some week goes.
func (b *demoBuild) outcome(n, week int) string {
	if n == demoEager {
		if week < 3 {
			return domain.Attended
		}
		return domain.Excused
	}
	switch d := b.chance.IntN(100); {
	case d < 72:
		return domain.Attended
	case d < 84:
		return domain.NoShow
	case d < 95:
		return domain.Excused
	default:
		return domain.Cancelled
	}
}

// visit lets a planned session happen: it is recorded when it is over, and what
// it earns goes to the citizen.
func (b *demoBuild) visit(by domain.Actor, session domain.Session, outcome string) {
	b.then(session.StartsAt.Add(50*time.Minute), func(ctx context.Context) error {
		if b.left[session.PlanID] {
			return nil // withdrawn with the plan
		}
		done, err := b.Attend(ctx, by, vouchers.Key{}, vouchers.Visit{PlanID: session.PlanID, SessionID: session.ID, Outcome: outcome})
		for _, v := range done.Value.Vouchers {
			b.issued++
			if err := b.fate(ctx, by, v); err != nil {
				return err
			}
		}
		return err
	})
}

// leave lets some courses end: the earlier ones when they are through, and a
// few of the others before time.
func (b *demoBuild) leave(n int, by domain.Actor, plan domain.Plan) {
	after, reason := 141, "completed"
	if n >= demoEarlier && n%7 == 0 {
		after, reason = 20+n, "dropped_out"
	}
	b.then(onClock(plan.StartDate.In(b.loc).Add(16*time.Hour), after), func(ctx context.Context) error {
		on := domain.DateOf(b.clock.now(), b.loc)
		b.left[plan.ID] = true
		_, err := b.UpdatePlan(ctx, by, plan.ID, plan.Version, vouchers.PlanChange{EndDate: &on, EndReason: &reason})
		return err
	})
}

// fate decides what becomes of a voucher. Most are spent within weeks; some
// are lost, a few are forgotten and lapse.
func (b *demoBuild) fate(ctx context.Context, by domain.Actor, v domain.Voucher) error {
	_, secret, err := b.Reveal(ctx, by, "getVoucherCard", v.ID) // printed and handed over
	if err != nil {
		return err
	}
	code, soon := secret.Reveal(), onClock(v.CreatedAt.In(b.loc), 1+b.chance.IntN(12))
	switch {
	case b.issued%23 == 9:
		b.lose(by, v, soon, b.issued%46 == 9)
	case b.issued%61 == 17:
		b.then(soon, func(ctx context.Context) error {
			_, err := b.Void(ctx, b.staff[domain.TeamLeader], vouchers.Key{}, v.ID, "Udstedt til den forkerte borger")
			return err
		})
	case b.issued%5 < 2:
		b.spend(code, v.Amount, soon)
	case b.issued%5 == 2:
		b.spend(code, []int64{5_000, 7_550, 12_000}[b.chance.IntN(3)], soon)
	case b.issued%5 == 3:
		first := []int64{6_495, 14_000}[b.chance.IntN(2)]
		b.spend(code, first, soon)
		b.spend(code, v.Amount-first, onClock(soon, 5))
	default: // kept
		b.kept = append(b.kept, kept{by, v})
		b.then(v.ValidTo.Add(time.Minute), func(ctx context.Context) error {
			_, err := b.Expire(ctx, b.home)
			return err
		})
	}
	return nil
}

// spend lets a voucher be used in some shop. One purchase in forty is taken
// back.
func (b *demoBuild) spend(code string, amount int64, at time.Time) {
	b.purchases++
	number, till := b.purchases, b.tills[b.chance.IntN(len(b.tills))]
	b.then(at, func(ctx context.Context) error {
		paid, err := b.Redeem(ctx, till, vouchers.Key{}, vouchers.Redeem{Code: code, Amount: amount, ClientRedemptionID: fmt.Sprintf("bon-%05d", number)})
		if err != nil || number%40 != 7 {
			return err
		}
		b.then(at.Add(20*time.Minute), func(ctx context.Context) error {
			_, err := b.Reverse(ctx, till, vouchers.Key{}, paid.Value.ID, "Kunden fortrød købet")
			return err
		})
		return nil
	})
}

// lose lets a voucher be reported lost: it is blocked, and most get a new one.
func (b *demoBuild) lose(by domain.Actor, v domain.Voucher, at time.Time, found bool) {
	b.then(at, func(ctx context.Context) error {
		_, err := b.Block(ctx, by, v.ID, "Borgeren har mistet kortet")
		return err
	})
	if found {
		return // it may turn up: it stays blocked
	}
	b.then(at.Add(26*time.Hour), func(ctx context.Context) error {
		_, err := b.Reissue(ctx, by, vouchers.Key{}, v.ID, "Kortet kom ikke frem igen")
		return err
	})
}
