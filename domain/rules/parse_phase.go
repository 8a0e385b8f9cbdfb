package rules

import "fmt"

// phase reads phase i.
func (s section) phase(i int) Phase {
	p := Phase{Name: s.slug("name")}
	if s.has("opportunities") {
		p.Opportunities = s.section("opportunities", scheduleFields).schedule()
	}
	s.length(&p)
	s.carry(&p, i)
	p.Target = s.section("target", targetFields).target(1)
	p.Outcomes = s.section("outcomes", outcomeFields).outcomes(p.Opportunities)
	if s.has("make_up") {
		p.MakeUp = s.section("make_up", makeUpFields).makeUp()
	}
	p.Requirement.Met = 1
	if s.has("requirement") {
		p.Requirement = s.section("requirement", requirementFields).requirement()
	}
	if s.has("draws") || s.has("bowl") || s.has("hat") {
		s.draws(&p)
		return p
	}
	p.Magnitude = s.section("magnitude", magnitudeFields).magnitude()
	s.levels(&p)
	if s.has("bonus") {
		for i, v := range s.list("bonus", 1, maxList) {
			p.Bonus = append(p.Bonus, s.open(fmt.Sprintf("%s[%d]", s.at("bonus"), i), v, bonusFields).bonus())
		}
	}
	return p
}

// length reads how long the phase is. Dated opportunities say it themselves, and
// so does a count of them.
func (s section) length(p *Phase) {
	sc := p.Opportunities
	switch counted := sc != nil && sc.Count > 0; {
	case s.has("days") && s.has("weeks"):
		s.add(s.at("weeks"), codeContradiction, "must not be stated beside days: take one of them")
	case counted && (s.has("days") || s.has("weeks")):
		s.add(s.at("opportunities")+".count", codeContradiction, "must not be stated beside days or weeks: the phase would have two ends")
	case s.has("weeks"):
		p.Weeks = int(s.number("weeks", 1, maxDays/7))
	case s.has("days"):
		p.Days = int(s.number("days", 1, maxDays))
	case sc == nil || !counted && len(sc.OnDays) == 0:
		s.number("days", 1, maxDays)
	}
	if days := p.Days + 7*p.Weeks; days > 0 && sc != nil && len(sc.OnDays) > 0 && sc.OnDays[len(sc.OnDays)-1] >= days {
		s.add(s.at("opportunities")+".on_days", codeContradiction, "must be within the phase, which ends on day %d", days-1)
	}
}

// carry reads what a later phase takes over.
func (s section) carry(p *Phase, i int) {
	switch {
	case i == 0 && s.has("carry"):
		s.add(s.at("carry"), codeContradiction, "must not be stated in the first phase: nothing comes before it")
	case i > 0:
		c := s.section("carry", carryFields)
		p.Carry = &Carry{Level: c.flag("level"), Streak: c.flag("streak")}
	}
}

// schedule reads which visits are opportunities.
func (s section) schedule() *Schedule {
	sc := &Schedule{}
	s.one("days", "per_week", "on_days", "any")
	if s.has("days") {
		sc.Days = s.wordList("days", dayNames)
	}
	if s.has("per_week") {
		sc.PerWeek = int(s.number("per_week", 1, 100))
	}
	for i, v := range s.optionalList("on_days", 1, maxList) {
		path := fmt.Sprintf("%s[%d]", s.at("on_days"), i)
		day := int(s.numberAt(path, v, 0, maxDays-1))
		if n := len(sc.OnDays); n > 0 && day <= sc.OnDays[n-1] {
			s.add(path, codeValue, "must be later than the day before it in the list")
		}
		sc.OnDays = append(sc.OnDays, day)
	}
	if s.has("any") {
		if sc.Any = s.flag("any"); !sc.Any {
			s.add(s.at("any"), codeValue, "must be true, or left out")
		}
	}
	if s.has("min_gap") {
		sc.MinGap = int(s.number("min_gap", 1, maxDays))
	}
	if s.has("count") {
		sc.Count = int(s.number("count", 1, maxCount))
	}
	return sc
}

// outcomes reads what each outcome does. A dated appointment is kept on its day
// or not, so there, and only there, excused may be left out.
func (s section) outcomes(sc *Schedule) (o Outcomes) {
	o.NoShow = Effect(s.word("no_show", effects))
	if dated := sc != nil && len(sc.OnDays) > 0; !dated || s.has("excused") {
		o.Excused = Effect(s.word("excused", effects))
	}
	for _, x := range []struct {
		key  string
		into *Effect
	}{{"cancelled", &o.Cancelled}, {"late", &o.Late}, {"left_early", &o.LeftEarly}, {"no_valid_sample", &o.NoValidSample}, {"pending", &o.Pending}} {
		if s.has(x.key) {
			*x.into = Effect(s.word(x.key, effects))
		}
	}
	return o
}

// requirement reads how many met visits a reward takes.
func (s section) requirement() (r Requirement) {
	if !s.has("rising") {
		r.Met = int(s.number("met", 1, maxMet))
		return r
	}
	s.one("met", "rising")
	rise := s.section("rising", risingFields)
	r.Rising = &Rising{Start: int(rise.number("start", 1, maxMet)), Step: int(rise.number("step", 1, maxMet)), Ceiling: int(rise.number("ceiling", 1, maxMet))}
	if r.Rising.Ceiling > 0 && r.Rising.Ceiling <= r.Rising.Start {
		s.add(rise.at("ceiling"), codeContradiction, "must be more than start, which is %d", r.Rising.Start)
	}
	return r
}
