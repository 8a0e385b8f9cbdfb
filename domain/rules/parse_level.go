package rules

import "fmt"

// magnitude reads the amounts.
func (s section) magnitude() (m Magnitude) {
	if !s.has("tokens") {
		s.one("constant", "table", "linear", "descending")
		return s.amounts(maxAmount)
	}
	s.one("tokens", "constant", "table", "linear", "descending")
	t := s.section("tokens", tokensFields)
	earn := t.section("earn", earnFields)
	earn.one("constant", "table", "linear", "descending")
	m.Tokens = &Tokens{Earn: earn.amounts(maxTokens), Price: t.number("price", 1, maxTokens), Reward: t.number("reward", 1, maxAmount)}
	return m
}

// amounts reads how many minor units, or tokens, each level pays: at most so
// many.
func (s section) amounts(most int64) (m Magnitude) {
	switch {
	case s.has("table"):
		for i, v := range s.list("table", 1, maxTable) {
			m.Table = append(m.Table, s.numberAt(fmt.Sprintf("%s[%d]", s.at("table"), i), v, 0, most))
		}
	case s.has("linear"):
		l := s.section("linear", linearFields)
		m.Linear = &Linear{Start: l.number("start", 1, most), Step: l.number("step", 1, most)}
		if l.has("ceiling") {
			m.Linear.Ceiling = l.number("ceiling", 1, most)
		}
		if c := m.Linear.Ceiling; c > 0 && c <= m.Linear.Start {
			l.add(l.at("ceiling"), codeContradiction, "must be more than start, which is %d", m.Linear.Start)
		}
	case s.has("descending"):
		l := s.section("descending", descentFields)
		m.Descending = &Descent{Start: l.number("start", 1, most), Step: l.number("step", 1, most), Floor: l.number("floor", 0, most)}
		if m.Descending.Floor >= m.Descending.Start && m.Descending.Start > 0 {
			l.add(l.at("floor"), codeContradiction, "must be less than start, which is %d", m.Descending.Start)
		}
	default:
		m.Constant = s.number("constant", 1, most)
	}
	return m
}

// levels reads what moves the level.
func (s section) levels(p *Phase) {
	if s.has("escalation") {
		p.Escalation = s.section("escalation", escalationFields).escalation()
	}
	if s.has("reset") {
		r := s.section("reset", resetFields)
		p.Reset = &Reset{On: r.wordList("on", misses), To: r.resetTo("to")}
		if r.has("clears_bonus") || s.has("bonus") {
			p.Reset.ClearsBonus = r.flag("clears_bonus")
		}
	}
	if s.has("restoration") {
		r := s.section("restoration", restorationFields)
		p.Restoration = &Restoration{After: int(r.number("after", 1, maxMet)), Apply: r.word("apply", applies), To: r.word("to", restoreTo),
			Memory: r.word("memory", memories), PartRun: r.word("part_run", partRuns)}
	}
}

// escalation reads what raises the level.
func (s section) escalation() *Escalation {
	e := &Escalation{}
	const want = `visit, week_number, {consecutive: n} or {calendar_week: all_met}`
	switch v, ok := s.get("every", want); v := v.(type) {
	case string:
		e.Every.Visit, e.Every.WeekNumber = v == "visit", v == "week_number"
		if !e.Every.Visit && !e.Every.WeekNumber {
			s.add(s.at("every"), codeValue, "must be %s", want)
		}
	case object:
		every := s.open(s.at("every"), v, everyFields)
		every.one("consecutive", "calendar_week")
		if every.has("calendar_week") {
			e.Every.AllMet = every.word("calendar_week", weeks) != ""
		} else {
			e.Every.Consecutive = int(every.number("consecutive", 1, maxMet))
		}
	default:
		if ok {
			s.add(s.at("every"), codeType, "must be %s", want)
		}
	}
	switch {
	case e.Every.AllMet:
		e.Excused = s.word("excused", readings)
	case s.has("excused"):
		s.add(s.at("excused"), codeContradiction, "must be left out: only a week that must be all met needs a reading of an excused visit, otherwise outcomes.excused says it")
	}
	return e
}

// resetTo reads where a reset leads.
func (s section) resetTo(key string) (to ResetTo) {
	const want = "start, previous, none or {level: n}"
	switch v, ok := s.get(key, want); v := v.(type) {
	case string:
		if v != ToStart && v != ToPrevious && v != ToNone {
			s.add(s.at(key), codeValue, "must be %s", want)
		}
		to.Word = v
	case object:
		to.Level = int(s.open(s.at(key), v, levelFields).number("level", 1, maxLevel))
	default:
		if ok {
			s.add(s.at(key), codeType, "must be %s", want)
		}
	}
	return to
}

// bonus reads one bonus.
func (s section) bonus() (b Bonus) {
	s.one("every_consecutive", "once_at", "whole_week_met", "phase_completed")
	switch {
	case s.has("once_at"):
		b.OnceAt = int(s.number("once_at", 1, maxCount))
	case s.has("whole_week_met"):
		if b.WholeWeekMet = s.flag("whole_week_met"); !b.WholeWeekMet {
			s.add(s.at("whole_week_met"), codeValue, "must be true")
		}
	case s.has("phase_completed"):
		b.PhaseCompleted = int(s.number("phase_completed", 1, maxCount))
	default:
		b.EveryConsecutive = int(s.number("every_consecutive", 1, maxCount))
	}
	b.Amount = s.number("amount", 1, maxAmount)
	return b
}
