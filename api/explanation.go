package api

import (
	"encoding/json"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers"
)

// showExplanation shows what the rules wrote when they made the award.
func showExplanation(a domain.Award) Explanation {
	var e struct {
		rules.Explanation
		Text rules.Text `json:"text"`
	}
	_ = json.Unmarshal(a.Explanation, &e) // its own JSON
	return Explanation{
		VersionID: VersionID(a.VersionID), Phase: e.Phase, Rule: e.Rule, Requirement: e.Requirement, Milestone: e.Milestone,
		LevelBefore: e.LevelBefore, LevelAfter: e.LevelAfter, RestoredTo: e.RestoredTo, Visit: e.Visit,
		Opportunities: each(e.Opportunities, showFact), Currency: e.Currency, Bonus: showBonuses(e.Bonus), Draws: showDraws(e.Draws), Tokens: showTokens(e.Tokens),
		MakesUp: showMadeUp(e.MakesUp), Goal: e.Goal, After: showPauseBefore(e.After),
		FullAmount: e.Full, Amount: e.Amount, Voucher: e.Voucher, MaxVouchers: e.MaxVouchers, Cut: showCut(e.Cut), Text: Sentence(e.Text),
	}
}

// showFact shows what an award rests on by the id that the API knows it by.
func showFact(text string) AnyID {
	fact, _ := vouchers.ReadFact(text) // that we wrote
	switch fact.Kind {
	case vouchers.GoalFact:
		return GoalID(fact.ID).String()
	case vouchers.PlanFact:
		return PlanID(fact.ID).String()
	default:
		return AttendanceID(fact.ID).String()
	}
}

// showMadeUp shows the visit that another makes up for; none is left out.
func showMadeUp(text string) AttendanceID {
	fact, _ := vouchers.ReadFact(text) // that we wrote, or ""
	return AttendanceID(fact.ID)
}

// showBonuses leaves the list out when there are none.
func showBonuses(paid []rules.Paid) (shown []Bonus) {
	for _, p := range paid {
		shown = append(shown, Bonus{
			Path: p.Path, Amount: p.Amount, EveryConsecutive: p.EveryConsecutive, OnceAt: p.OnceAt, WholeWeekMet: p.WholeWeekMet, PhaseCompleted: p.PhaseCompleted,
		})
	}
	return shown
}

func showDraws(d *rules.Drawn) *Draws {
	if d == nil {
		return nil
	}
	return &Draws{Number: d.Number, Tickets: d.Tickets, Commitment: d.Commitment, Picks: d.Picks, Values: d.Values}
}

func showPauseBefore(p *rules.Pausing) *PauseBefore {
	if p == nil {
		return nil
	}
	return &PauseBefore{From: p.From, Until: p.Until, Clock: p.Clock, Level: p.Level, Streak: p.Streak, Readmitted: p.Readmitted}
}

func showTokens(x *rules.Exchange) *TokenExchange {
	if x == nil {
		return nil
	}
	return &TokenExchange{Before: x.Before, Earned: x.Earned, Price: x.Price, Reward: x.Reward, Exchanged: x.Exchanged, After: x.After}
}

func showCut(c *rules.Cut) *Cut {
	if c == nil {
		return nil
	}
	return &Cut{Path: c.Path, Count: c.Count, Amount: c.Cap.Amount, Period: c.Period, Across: c.Across, Basis: c.Basis, AtLimit: c.AtLimit, By: c.By, Used: c.Used}
}
