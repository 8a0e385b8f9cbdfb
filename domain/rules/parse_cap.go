package rules

// cap reads one cap.
func (s section) cap() (c Cap) {
	c.Period = s.word("period", periods)
	switch {
	case s.has("count") && s.has("amount"):
		s.add(s.at("amount"), codeContradiction, "must not be stated beside count: make two caps")
	case s.has("amount"):
		c.Amount = s.number("amount", 1, maxAmount)
		c.Basis = s.word("basis", bases)
		c.AtLimit = s.word("at_limit", atAmount)
	default:
		c.Count = int(s.number("count", 1, maxCount))
		if s.has("basis") {
			s.add(s.at("basis"), codeNotSupported, "of a count is not yet supported: leave it out")
		}
		if s.obj["at_limit"] == PayRest || s.obj["at_limit"] == Truncate {
			s.add(s.at("at_limit"), codeContradiction, "must be deny or stop: of a count there is no rest to pay")
			break
		}
		c.AtLimit = s.word("at_limit", atCount)
	}
	switch {
	case c.Period == PerAward && c.Count > 0:
		s.add(s.at("count"), codeContradiction, "must be an amount: an award is one reward")
	case c.AtLimit == Stop && (c.Period == RollingYear || c.Period == PerAward):
		s.add(s.at("at_limit"), codeContradiction, "must not be stop: a %s has no end after which to begin again", c.Period)
	}
	return c
}
