package rules

import "fmt"

// draws reads the draws and their bowl, which take the place of a magnitude and
// of all that moves its level.
func (s section) draws(p *Phase) {
	for _, key := range []string{"magnitude", "escalation", "reset", "restoration", "bonus"} {
		if s.has(key) {
			s.add(s.at(key), codeContradiction, "must not be stated beside draws")
		}
	}
	d := s.section("draws", drawsFields)
	p.Draws = &Draws{Start: int(d.number("start", 1, maxDraws)), Step: int(d.number("step", 0, maxDraws)), Ceiling: int(d.number("ceiling", 1, maxDraws)),
		WithReplacement: true}
	if s.has("hat") {
		p.Hat = &Hat{Names: int(s.section("hat", hatFields).number("names", 1, maxCount))}
	}
	if p.Hat == nil || d.has("with_replacement") {
		p.Draws.WithReplacement = d.flag("with_replacement")
	}
	r := d.section("reset", drawResetFields)
	p.Draws.Reset = DrawReset{On: r.wordList("on", misses), To: int(r.number("to", 1, maxDraws))}
	for i, v := range s.list("bowl", 1, maxList) {
		p.Bowl = append(p.Bowl, s.open(fmt.Sprintf("%s[%d]", s.at("bowl"), i), v, slipFields).slip())
	}
	if s.count > 0 {
		return
	}
	switch dr := p.Draws; {
	case dr.Ceiling < dr.Start:
		d.add(d.at("ceiling"), codeContradiction, "must be at least start, which is %d", dr.Start)
	case dr.Step == 0 && dr.Ceiling > dr.Start:
		d.add(d.at("ceiling"), codeContradiction, "must be %d, as start is: with step 0 there are never more", dr.Start)
	case dr.Reset.To < dr.Start || dr.Reset.To > dr.Ceiling || dr.Step > 0 && (dr.Reset.To-dr.Start)%dr.Step != 0:
		r.add(r.at("to"), codeContradiction, "must be a number of draws on the way from %d to %d by %d", dr.Start, dr.Ceiling, dr.Step)
	case p.Bowl.Slips() > maxSlips:
		s.add(s.at("bowl"), codeRange, "must have at most %d slips", maxSlips)
	case p.Bowl.Worst() == 0:
		s.add(s.at("bowl"), codeContradiction, "must have a slip with a value: else nothing is ever paid")
	case p.Hat != nil && !dr.WithReplacement:
		d.add(d.at("with_replacement"), codeContradiction, "must be true, or left out: whoever is drawn from the hat draws one slip from the whole bowl")
	case !dr.WithReplacement && dr.Ceiling > p.Bowl.Slips():
		d.add(d.at("ceiling"), codeContradiction, "must be at most %d, the slips in the bowl: none goes back", p.Bowl.Slips())
	}
}

// slip reads one kind of slip.
func (s section) slip() (sl Slip) {
	sl.Slips = int(s.number("slips", 1, maxSlips))
	s.one("label", "value")
	if s.has("label") {
		sl.Label = s.text("label", 100)
	} else {
		sl.Value = s.number("value", 1, maxAmount)
	}
	return sl
}
