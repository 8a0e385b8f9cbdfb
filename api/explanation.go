package api

import (
	"encoding/json"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
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
		Opportunities: each(e.Opportunities, showVisit), Currency: e.Currency, Bonus: showBonuses(e.Bonus), Draws: showDraws(e.Draws), Tokens: showTokens(e.Tokens),
		MakesUp: id[att](showVisit(e.MakesUp)), After: showPause(e.After),
		FullAmount: e.Full, Amount: e.Amount, Voucher: e.Voucher, MaxVouchers: e.MaxVouchers, Cut: showCut(e.Cut), Text: Sentence(e.Text),
	}
}

// showVisit shows the ID of a visit as the rules know it: a UUID that we wrote.
func showVisit(visit string) AttendanceID {
	i, _ := uuid.Parse(visit)
	return AttendanceID(i)
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

func showPause(p *rules.Pausing) *PauseBefore {
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
