package rules

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
