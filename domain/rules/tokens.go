package rules

import (
	"fmt"

	"github.com/fasthold/fasthold/domain"
)

// Tokens is a magnitude paid in tokens, which are exchanged for money as soon as
// there are enough of them. They are earned: no reset takes them, and what is
// left over waits for the next reward, in a later phase too.
type Tokens struct {
	Earn   Magnitude `json:"earn"`   // tokens by level, in place of minor units
	Price  int64     `json:"price"`  // tokens for one reward
	Reward int64     `json:"reward"` // minor units
}

// Exchange is what a visit did to the tokens.
type Exchange struct {
	Before    int64 `json:"before"`    // what the citizen had
	Earned    int64 `json:"earned"`    // and earned
	Price     int64 `json:"price"`     // tokens for one reward
	Reward    int64 `json:"reward"`    // minor units
	Exchanged int64 `json:"exchanged"` // tokens, a multiple of Price
	After     int64 `json:"after"`     // what is left
}

// exchange earns the tokens of a level and exchanges all that make a reward;
// false past the end of a table.
func (t *Tokens) exchange(before int64, level int) (Exchange, bool) {
	earned, ok := t.Earn.amount(level)
	e := Exchange{Before: before, Earned: earned, Price: t.Price, Reward: t.Reward}
	e.After = (before + earned) % t.Price
	e.Exchanged = before + earned - e.After
	return e, ok
}

// pays is what was exchanged for, in minor units.
func (e *Exchange) pays() int64 { return e.Exchanged / e.Price * e.Reward }

// Balance is where a citizen stands with tokens.
type Balance struct {
	Have   int64 `json:"have"`   // not yet exchanged
	Price  int64 `json:"price"`  // tokens for one reward
	Reward int64 `json:"reward"` // minor units
	Next   int64 `json:"next"`   // tokens that the next reward earns
}

// countTokens tells where s stands with tokens. The next reward pays nothing
// when it only adds to them.
func (p *Progress) countTokens(t *Tokens, s *State) {
	x, _ := t.exchange(s.Tokens, s.Place.Level)
	p.Tokens = &Balance{Have: s.Tokens, Price: t.Price, Reward: t.Reward, Next: x.Earned}
	if x.Exchanged == 0 {
		p.NextAmount = 0
	}
}

// chances is what the next reward brings that is no money; empty when it is
// money.
func (p *Progress) chances() Text {
	switch t := p.Tokens; {
	case p.NextTickets > 0:
		return tickets(p.NextTickets)
	case p.NextDraws > 0:
		return drawings(p.NextDraws)
	case t != nil && p.NextAmount == 0 && t.Have+t.Next < t.Price:
		n := tokens(t.Next)
		return Text{DA: fmt.Sprintf("%s; %d af %d er samlet", n.DA, t.Have, t.Price), EN: fmt.Sprintf("%s; %d of %d are collected", n.EN, t.Have, t.Price)}
	default:
		return Text{}
	}
}

// tokens writes "1 token" and "2 tokens".
func tokens(n int64) Text {
	if n == 1 {
		return Text{DA: "1 polet", EN: "1 token"}
	}
	return Text{DA: fmt.Sprintf("%d poletter", n), EN: fmt.Sprintf("%d tokens", n)}
}

// tickets writes "1 slip in the hat" and "2 slips in the hat".
func tickets(n int) Text {
	if n == 1 {
		return Text{DA: "1 seddel i hatten", EN: "1 slip in the hat"}
	}
	return Text{DA: fmt.Sprintf("%d sedler i hatten", n), EN: fmt.Sprintf("%d slips in the hat", n)}
}

// text says what the visit did to the tokens.
func (e *Exchange) text(currency string) Text {
	earned, left := tokens(e.Earned), tokens(e.After)
	if e.Exchanged == 0 {
		return Text{DA: earned.DA + " optjent, " + left.DA + " i alt", EN: earned.EN + " earned, " + left.EN + " in all"}
	}
	had, exchanged, amount := tokens(e.Before), tokens(e.Exchanged), domain.FormatMoneyShort(e.pays(), currency)
	return Text{
		DA: fmt.Sprintf("%s optjent til de %d, der var; %s byttet til %s, %d tilbage", earned.DA, e.Before, exchanged.DA, amount, e.After),
		EN: fmt.Sprintf("%s earned on top of %s; %s exchanged for %s, %d left", earned.EN, had.EN, exchanged.EN, amount, e.After),
	}
}
