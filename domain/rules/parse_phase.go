package rules

import "fmt"

// phase reads one phase.
func (s section) phase() Phase {
	p := Phase{Name: s.slug("name")}
	switch {
	case s.has("days") && s.has("weeks"):
		s.add(s.at("weeks"), codeContradiction, "must not be stated beside days: take one of them")
	case s.has("weeks"):
		p.Weeks = int(s.number("weeks", 1, maxDays/7))
	default:
		p.Days = int(s.number("days", 1, maxDays))
	}
	target := s.section("target", targetFields)
	p.Target.Attend = target.slugs("attend", 1, maxList)

	outcomes := s.section("outcomes", outcomeFields)
	p.Outcomes.NoShow = Effect(outcomes.word("no_show", effects))
	p.Outcomes.Excused = Effect(outcomes.word("excused", effects))
	p.Outcomes.Cancelled = Effect(outcomes.word("cancelled", effects))

	p.Requirement.Met = 1
	if s.has("requirement") {
		p.Requirement.Met = int(s.section("requirement", requirementFields).number("met", 1, maxMet))
	}
	if s.has("magnitude") || !s.has("draws") {
		p.Magnitude = s.section("magnitude", magnitudeFields).magnitude()
	}
	return p
}

// magnitude reads the amounts.
func (s section) magnitude() (m Magnitude) {
	switch {
	case s.has("constant") && s.has("table"):
		s.add(s.at("table"), codeContradiction, "must not be stated beside constant: take one of them")
	case s.has("table"):
		for i, v := range s.list("table", 1, maxTable) {
			m.Table = append(m.Table, s.numberAt(fmt.Sprintf("%s[%d]", s.at("table"), i), v, 1, maxAmount))
		}
	default:
		m.Constant = s.number("constant", 1, maxAmount)
	}
	return m
}

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
		if s.obj["at_limit"] == PayRest {
			s.add(s.at("at_limit"), codeContradiction, "must be deny or stop: of a count there is no rest to pay")
			break
		}
		c.AtLimit = s.word("at_limit", atCount)
	}
	return c
}
