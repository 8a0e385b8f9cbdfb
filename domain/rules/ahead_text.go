package rules

import (
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Expects reports whether the phase of that instant speaks of visits of a kind.
func (s State) Expects(d Document, at time.Time, kind string) bool {
	target, o := &d.Phases[d.phaseOn(&s, domain.DateOf(at, d.Location()))].Target, Opportunity{}
	target.meet(&o)
	o.Kind = kind
	return target.concerns(&o)
}

// Text says to the citizen what the visit is worth if met, and what follows if it
// is missed. Not a word tells what the visits are for: it may be on paper that is
// carried about.
func (a Ahead) Text(currency string) (met, missed Text) {
	if !a.Counts {
		t := Text{"Det tidspunkt tæller ikke med.", "That time does not count."}
		return t, t
	}
	if a.Tokens != nil {
		return a.tokensText(currency)
	}
	return a.metText(currency), a.missedText(currency)
}

func (a Ahead) tokensText(currency string) (met, missed Text) {
	t, reward := a.Tokens, domain.FormatMoneyShort(a.Tokens.Reward, currency)
	met = Text{
		fmt.Sprintf("Kommer du, har du %d af %d point til %s", t.IfMet, t.Price, sentence(reward)),
		fmt.Sprintf("If you come, you have %d of %d points towards %s", t.IfMet, t.Price, sentence(reward)),
	}
	if now := (promise{a.IfMet, 0, 1, false, currency}); !now.empty() {
		met = Text{"Kommer du, " + sentence(now.order().DA), "If you come, you " + sentence(now.gets().EN)}
	}
	return met, Text{fmt.Sprintf("Bliver du væk, beholder du dine %d point.", t.Now), fmt.Sprintf("If you stay away, you keep your %d points.", t.Now)}
}

func (a Ahead) metText(currency string) Text {
	next := promise{a.ThenMet, a.DrawsMet, a.NeededMet, a.hat(), currency}
	now := promise{a.IfMet, max(a.IfMetDraws, a.IfMetTickets), 1, a.hat(), currency}
	switch {
	case now.empty() && next.empty():
		return Text{"Kommer du, tæller det med, men der er ikke mere at få.", "If you come, it counts, but there is nothing more to get."}
	case now.empty():
		return Text{"Kommer du, mangler du " + next.times().DA + ", før du " + sentence(next.gets().DA), "If you come, you need " + next.times().EN + " more before you " + sentence(next.gets().EN)}
	}
	t := Text{"Kommer du, " + sentence(now.order().DA), "If you come, you " + sentence(now.gets().EN)}
	if a.NeededMet == 1 && next != now && !next.empty() {
		t.DA += " Gangen efter " + sentence(next.order().DA)
		t.EN += " The time after that you " + sentence(next.gets().EN)
	}
	return t
}

// hat reports whether draws are slips in the group's hat.
func (a Ahead) hat() bool { return a.IfMetTickets > 0 }

func (a Ahead) missedText(currency string) Text {
	next, keep := promise{a.ThenMissed, a.DrawsMissed, a.NeededMissed, a.hat(), currency}, Text{" Det, du har fået, beholder du.", " What you have had stays yours."}
	switch {
	case next.empty():
		return Text{"Bliver du væk uden afbud, er der ikke mere at få." + keep.DA, "If you stay away without notice, there is nothing more to get." + keep.EN}
	case a.MissCosts && next.needed > 1:
		return Text{
			fmt.Sprintf("Bliver du væk uden afbud, skal du komme %s, før du %s%s", next.times().DA, sentence(next.gets().DA), keep.DA),
			fmt.Sprintf("If you stay away without notice, you must come %s before you %s%s", next.times().EN, sentence(next.gets().EN), keep.EN),
		}
	case a.MissCosts:
		return Text{"Bliver du væk uden afbud, " + next.order().DA + " næste gang." + keep.DA, "If you stay away without notice, you " + next.gets().EN + " next time." + keep.EN}
	case next.needed > 1:
		return Text{"Bliver du væk, mister du ikke noget. Du mangler stadig " + next.times().DA + ", før du " + sentence(next.gets().DA),
			"If you stay away, you lose nothing. You still need " + next.times().EN + " before you " + sentence(next.gets().EN)}
	default:
		return Text{"Bliver du væk, mister du ikke noget. Næste gang " + sentence(next.order().DA), "If you stay away, you lose nothing. Next time you " + sentence(next.gets().EN)}
	}
}

// promise is what a reward brings, and after how many met visits.
type promise struct {
	amount   int64
	draws    int
	needed   int
	hat      bool
	currency string
}

func (p promise) empty() bool { return p.amount == 0 && p.draws == 0 || p.needed == 0 }

// gets says "får 200 kr." or "trækker 3 lodder", after "du".
func (p promise) gets() Text { return p.say("%s %s") }

// order is gets in the order of a Danish sentence that begins with something
// else: "får du 200 kr."
func (p promise) order() Text { return p.say("%s du %s") }

func (p promise) say(danish string) Text {
	if p.draws > 0 && p.hat {
		return Text{fmt.Sprintf(danish, "får", slipsText(p.draws).DA+" i hatten"), "get " + slipsText(p.draws).EN + " in the hat"}
	}
	if p.draws > 0 {
		return Text{fmt.Sprintf(danish, "trækker", slipsText(p.draws).DA), "draw " + slipsText(p.draws).EN}
	}
	amount := domain.FormatMoneyShort(p.amount, p.currency)
	return Text{fmt.Sprintf(danish, "får", amount), "get " + amount}
}

// times says how often the person must come.
func (p promise) times() Text { return timesText(p.needed) }

func timesText(n int) Text {
	if n == 1 {
		return Text{"1 gang", "1 time"}
	}
	return Text{fmt.Sprintf("%d gange", n), plural(n, "time")}
}

func slipsText(n int) Text {
	if n == 1 {
		return Text{"1 lod", "1 slip"}
	}
	return Text{fmt.Sprintf("%d lodder", n), plural(n, "slip")}
}
