package rules

import "fmt"

// maxHours bounds the notice of an excused visit: four weeks.
const maxHours = 28 * 24

// excuses reads which excused visits are taken as excused.
func (s section) excuses() *Excuses {
	e := &Excuses{}
	if s.has("reasons") {
		e.Reasons = s.slugs("reasons", 1)
	}
	if s.has("notice_hours") {
		e.NoticeHours = int(s.number("notice_hours", 1, maxHours))
	}
	switch {
	case s.has("most"):
		e.Most, e.Per = int(s.number("most", 1, maxCount)), s.word("per", excusePeriods)
	case s.has("per"):
		s.add(s.at("per"), codeContradiction, "must be left out: without most there is no limit to count up to")
	}
	if s.has("decided_by") {
		e.DecidedBy = s.wordList("decided_by", deciders)
	}
	if len(s.obj) == 0 && !s.absent {
		s.add(s.path, codeRequired, "must have reasons, notice_hours, most or decided_by, or be left out")
	}
	return e
}

// makeUp reads what can be made up.
func (s section) makeUp() *MakeUp {
	m := &MakeUp{Of: s.wordList("of", missed), WithinDays: int(s.number("within_days", 0, maxDays))}
	if s.has("most") {
		m.Most = int(s.number("most", 1, maxCount))
	}
	return m
}

// pauses reads what the pauses do, by reason.
func (s section) pauses() (pauses []Pause) {
	reasons := map[string]bool{}
	for i, v := range s.list("pauses", 1, len(Reasons)) {
		ps := s.open(fmt.Sprintf("pauses[%d]", i), v, pauseFields)
		p := Pause{Reason: ps.word("reason", pauseReasons), Clock: ps.word("clock", pauseClocks), Level: ps.word("level", returnLevels), Streak: ps.word("streak", returnStreaks)}
		if ps.has("max_days") {
			p.MaxDays = int(ps.number("max_days", 1, maxDays))
		}
		if reasons[p.Reason] && p.Reason != "" {
			ps.add(ps.at("reason"), codeContradiction, "must be another: what a pause for %s does is said already", p.Reason)
		}
		reasons[p.Reason] = true
		pauses = append(pauses, p)
	}
	return pauses
}

// readmission reads how someone goes on who comes back.
func (s section) readmission() *Readmission {
	return &Readmission{WithinDays: int(s.number("within_days", 1, maxDays)), Clock: s.word("clock", gapClocks), Level: s.word("level", returnLevels),
		Streak: s.word("streak", returnStreaks), Later: s.word("later", laters)}
}
