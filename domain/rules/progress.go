package rules

import (
	"fmt"

	"github.com/fasthold/fasthold/domain"
)

// Progress is what a citizen wants to know: what is reached, what is next and
// how far away, what is left. Amounts are what the rules owe, whether a voucher
// has been issued for them or not. It does not know today's date: after LastDay
// nothing more can be earned, whatever else it says.
type Progress struct {
	Milestones     int         `json:"milestones"`             // reached
	MetTowardsNext int         `json:"met_towards_next"`       // met visits since the last milestone
	NeededForNext  int         `json:"needed_for_next"`        // met visits that the next takes in all; 0 when finished
	NextAmount     int64       `json:"next_amount"`            // what it pays after caps, minor units; 0 for draws
	NextDraws      int         `json:"next_draws,omitempty"`   // how many slips the next reward draws
	NextTickets    int         `json:"next_tickets,omitempty"` // how many slips with the name it puts in the group's hat
	Tokens         *Balance    `json:"tokens,omitempty"`       // nil: the phase has none
	Phase          string      `json:"phase,omitempty"`        // of several: the phase of the last visit, or the first one
	Level          int         `json:"level,omitempty"`        // that the next reward is paid at, from 1; 0 when finished, and where the phase has one only
	Earned         int64       `json:"earned"`                 // so far, minor units
	LeftCount      *int        `json:"left_count,omitempty"`   // rewards left under the lowest count cap; nil: no such cap
	LeftAmount     *int64      `json:"left_amount,omitempty"`  // minor units left under the lowest amount cap; nil: no such cap
	LastDay        domain.Date `json:"last_day"`               // the last date on which a visit counts; zero when the calendar alone does not say
	Finished       bool        `json:"finished"`               // nothing more can be earned
	WhyFinished    string      `json:"why_finished"`           // CountCap, AmountCap, TableEnd, PhasesOver, or ""
	Text           Text        `json:"text"`                   // "1 fremmøde mere til 200 kr."
	Pause          *Pausing    `json:"pause,omitempty"`        // in which no visit counts, if it lasts beyond the last visit; nil: none
}

// Progress tells where s stands in d.
func (s State) Progress(d Document) Progress { return s.ProgressWith(d, Outside{}) }

// ProgressWith is Progress of a person who has more than this enrolment's visits
// under its caps.
func (s State) ProgressWith(d Document, outside Outside) Progress {
	out := d.outside(outside)
	p := Progress{Milestones: s.Milestones, Earned: s.Earned}
	if len(d.Phases) > 1 {
		p.Phase = d.Phases[s.Phase].Name
	}
	p.LastDay, p.Pause = s.lastDay(&d), s.ongoing(&d)
	count, amount := d.tightest()
	if count > 0 {
		left := count - s.Vouchers
		p.LeftCount = &left
	}
	if amount > 0 {
		left := amount - s.Earned
		p.LeftAmount = &left
	}
	if p.WhyFinished = d.exhausted(&s, out); p.WhyFinished != "" {
		p.Finished = true
		p.Text = d.finishedText(p.WhyFinished)
		return p
	}
	phase := &d.Phases[s.Phase]
	v, _ := d.next(&s, out)
	p.MetTowardsNext, p.NeededForNext, p.NextAmount = len(s.Met), phase.Requirement.needed(s.Place.Rewards), v.pays
	switch {
	case phase.Hat != nil:
		p.NextAmount, p.NextTickets = 0, phase.Draws.number(s.Place.Level)
	case phase.Draws != nil:
		p.NextAmount, p.NextDraws = 0, phase.Draws.number(s.Place.Level)
	case phase.Magnitude.Tokens != nil:
		p.countTokens(phase.Magnitude.Tokens, &s)
	}
	if phase.top() > 0 {
		p.Level = s.Place.Level + 1
	}
	more, ok := phase.visitsTo(p.NeededForNext-p.MetTowardsNext, s.Place.Sessions)
	if !ok {
		p.NextAmount, p.NextDraws, p.NextTickets, v = 0, 0, 0, verdict{cap: -1}
	}
	p.Text = d.nextText(v, more, &p)
	if p.Pause != nil && p.Pause.Until.IsZero() {
		p.Text = p.Pause.before(p.Text)
	}
	return p
}

// nextText is the way to the next milestone, which takes more visits.
func (d *Document) nextText(v verdict, more int, p *Progress) Text {
	da, en := fmt.Sprintf("%d fremmøder mere", more), plural(more, "more session")
	if more == 1 {
		da = "1 fremmøde mere"
	}
	if to := p.chances(); to != (Text{}) {
		return Text{DA: da + " til " + to.DA, EN: en + " to " + to.EN}
	}
	if v.pays == 0 && v.cap < 0 { // the phase pays no more, but another comes
		return Text{DA: "Ingen flere gavekort i denne fase.", EN: "No more vouchers in this phase."}
	}
	if v.pays == 0 { // and yet not finished: a later, smaller amount fits
		limit := d.Caps[v.cap].limit(d.Currency)
		return Text{
			DA: da + " til næste trin, som loftet på " + limit.DA + " ikke giver plads til",
			EN: en + " to the next step, for which the limit of " + limit.EN + " leaves no room",
		}
	}
	amount := domain.FormatMoneyShort(v.pays, d.Currency)
	return Text{DA: da + " til " + amount, EN: en + " to " + amount}
}

// finishedText says why nothing more can be earned.
func (d *Document) finishedText(why string) Text {
	count, amount := d.tightest()
	switch why {
	case CountCap:
		if count == 0 {
			return Text{DA: "Loftet giver ikke plads til flere gavekort.", EN: "The limit leaves no room for more vouchers."}
		}
		if count == 1 {
			return Text{DA: "Det ene gavekort er givet.", EN: "The one voucher has been given."}
		}
		return Text{
			DA: fmt.Sprintf("Alle %d gavekort er givet.", count),
			EN: fmt.Sprintf("All %d vouchers have been given.", count),
		}
	case AmountCap:
		if amount == 0 {
			return Text{DA: "Loftet giver ikke plads til flere gavekort.", EN: "The limit leaves no room for more vouchers."}
		}
		limit := domain.FormatMoneyShort(amount, d.Currency)
		return Text{
			DA: "Loftet på " + limit + " giver ikke plads til flere gavekort.",
			EN: "The limit of " + limit + " leaves no room for more vouchers.",
		}
	case PhasesOver:
		return Text{DA: "Alle faser er gennemført.", EN: "All phases are completed."}
	default:
		steps := len(d.Phases[len(d.Phases)-1].Magnitude.shape().Table)
		if steps == 0 {
			return Text{DA: "Alle de aftalte fremmøder er nået.", EN: "All the agreed sessions have been reached."}
		}
		return Text{
			DA: fmt.Sprintf("Alle %d trin er nået.", steps),
			EN: fmt.Sprintf("All %d steps have been reached.", steps),
		}
	}
}

// Why an enrolment earns no more although its rules would allow it.
const (
	PhaseOver = "phase_over" // the last day on which a visit counts has passed
	Ended     = "ended"      // the enrolment was ended
)

// On is p as it is told on a day: after LastDay it is finished. A visit from
// before that is recorded late still counts.
func (p Progress) On(today domain.Date) Progress {
	switch pause := p.Pause; {
	case pause == nil || p.Finished || pause.Until.IsZero() || today.Before(pause.From):
	case pause.Until.Before(today):
		p.Pause = nil
	default:
		p.Text = pause.before(p.Text)
	}
	if p.LastDay.IsZero() || !p.LastDay.Before(today) {
		return p
	}
	return p.over(PhaseOver, "Perioden sluttede", "The period ended", p.LastDay)
}

// EndedOn is p for an enrolment that was ended on a day.
func (p Progress) EndedOn(day domain.Date) Progress {
	return p.over(Ended, "Forløbet sluttede", "The enrolment ended", day)
}

func (p Progress) over(why, da, en string, day domain.Date) Progress {
	if p.Finished {
		return p
	}
	p.Finished, p.WhyFinished = true, why
	p.MetTowardsNext, p.NeededForNext, p.NextAmount, p.NextDraws, p.Level = 0, 0, 0, 0, 0
	p.Text = Text{DA: fmt.Sprintf("%s %s.", da, day.Danish()), EN: fmt.Sprintf("%s on %s.", en, day)}
	return p
}
