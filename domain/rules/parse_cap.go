package rules

// cap reads one cap.
func (s section) cap() (c Cap) {
	c.Period = s.word("period", periods)
	if s.has("across") {
		c.Across = s.word("across", scopes)
	}
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
			c.Basis = s.word("basis", bases)
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
	case c.Across != "" && (c.Period == Episode || c.Period == PerAward):
		s.add(s.at("across"), codeContradiction, "must be left out: %s is of one enrolment", c.Period)
	case c.Across != "" && c.AtLimit == Stop:
		s.add(s.at("at_limit"), codeContradiction, "must be deny: what the person has elsewhere can change, and stop is for good")
	case c.Basis == Issued && c.AtLimit == Stop:
		s.add(s.at("at_limit"), codeContradiction, "must be deny: vouchers are not issued in the order of visits, and stop holds all later ones back")
	}
	return c
}
