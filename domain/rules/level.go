package rules

import "slices"

// met folds a met visit: it restores, pays and escalates, in that order, but
// for a restoration that applies from the next visit.
func (f *fold) met(o *Opportunity, day int) {
	s, at, p := &f.state, &f.state.Place, f.phase
	before, restored := at.Level, false
	at.Streak++
	at.MetCount++
	if f.place {
		at.WeekMet++
	}
	qualifies := false
	switch r := p.Restoration; {
	case r == nil || at.Memory == 0:
	case at.Restored: // this visit pays what the one before restored
		at.forget()
	default:
		at.Recover++
		if qualifies = at.Recover >= r.After; qualifies && r.Apply == Qualifying {
			restored = f.restore()
			at.forget()
		}
	}
	if s.Met == nil {
		s.Met = f.list(p.Requirement.needed(at.Rewards))
	}
	s.Met = append(s.Met, o.ID)
	made, reached := f.reward(o, day)
	f.climb(reached)
	if qualifies && p.Restoration.Apply == Next {
		f.restore()
		at.Restored = true
	}
	if made {
		e := &f.awards[len(f.awards)-1].Explanation
		e.LevelAfter = p.shown(at.Level)
		if restored {
			e.LevelBefore, e.RestoredTo = p.shown(before), e.LevelBefore
		}
	}
	if s.Finished == "" && (made || reached) {
		s.Finished = f.doc.finishedOn(s, f.out, f.date(day))
	}
}

// shown is a level as people count it, from 1, and within the table.
func (p *Phase) shown(level int) int {
	if n := len(p.Magnitude.shape().Table); n > 0 {
		return min(level, n-1) + 1
	}
	return level + 1
}

// climb raises the level as a met visit does, which may have reached a reward.
func (f *fold) climb(reached bool) {
	at, p := &f.state.Place, f.phase
	raise := p.Draws != nil
	if e := p.Escalation; e != nil {
		switch {
		case e.Every.Visit:
			raise = true
		case e.Every.Consecutive > 0:
			if at.Run++; at.Run == e.Every.Consecutive {
				raise, at.Run = true, 0
			}
		case e.Every.AllMet:
			raise = f.place && f.weekMet()
		}
	} else if len(p.Magnitude.shape().Table) > 0 {
		raise = reached // one step of the table for each reward
	}
	if raise {
		at.Level = min(at.Level+1, f.top)
	}
}

// weekMet reports whether the visit just counted completes a week that is all
// met, as the escalation reads it.
func (f *fold) weekMet() bool {
	at := &f.state.Place
	return at.WeekMet+at.WeekHeld == f.phase.perWeek()
}

// miss folds a visit that is not met. What was earned is never touched.
func (f *fold) miss(outcome string) {
	at, p := &f.state.Place, f.phase
	run := at.Run
	at.Run, at.Recover, at.Restored = 0, 0, false
	if dr := p.Draws; dr != nil {
		at.Streak = 0
		if resets(dr.Reset.On, outcome) {
			at.Level = min(at.Level, dr.level(dr.Reset.To))
		}
		return
	}
	if p.Reset == nil || p.Reset.ClearsBonus {
		at.Streak = 0
	}
	if p.Reset == nil || !resets(p.Reset.On, outcome) || p.over(at.Level) {
		return
	}
	if p.Restoration != nil {
		f.remember(run)
	}
	switch to := p.Reset.To; {
	case to.Word == ToStart:
		at.Level = 0
	case to.Word == ToPrevious:
		at.Level = max(0, at.Level-1)
	case to.Level > 0:
		at.Level = min(at.Level, to.Level-1)
	}
}

// resets reports whether a miss with that outcome is among those that reset.
func resets(on []string, outcome string) bool {
	return slices.Contains(on, string(NotMet)) || slices.Contains(on, outcome)
}

// remember notes the level that restoration leads back to.
func (f *fold) remember(run int) {
	at, r := &f.state.Place, f.phase.Restoration
	level := at.Level + 1
	if r.To == Last {
		level = at.Paid
	}
	switch {
	case at.Memory > 0 && r.Memory == First:
		return
	case r.Memory == Highest && (level < at.Memory || level == at.Memory && run <= at.Kept):
		return
	}
	at.Memory, at.Kept = level, run
}

// restore leads back to the remembered level, unless the person stands there or
// higher already. The level is remembered until a visit pays it: a miss that
// comes first is one more before restoration.
func (f *fold) restore() bool {
	at := &f.state.Place
	level, run := min(at.Memory-1, f.top), 0
	if f.phase.Restoration.PartRun == Keep {
		run = at.Kept
	}
	if level < at.Level || level == at.Level && run <= at.Run {
		return false
	}
	at.Level, at.Run = level, run
	return true
}

// forget ends a restoration.
func (at *Place) forget() {
	at.Memory, at.Kept, at.Recover, at.Restored = 0, 0, 0, false
}

// over reports whether the phase's table has come to its end, from where no
// reset leads back: a miss would then pay.
func (p *Phase) over(level int) bool {
	return p.Escalation == nil && len(p.Magnitude.Table) > 0 && level == len(p.Magnitude.Table)
}

// hold folds a visit that changes nothing, but may complete a week.
func (f *fold) hold(outcome string) {
	e := f.phase.Escalation
	if e == nil || !e.Every.AllMet || e.Excused != ExcusedCounts || outcome != excused {
		return
	}
	at := &f.state.Place
	at.WeekHeld++
	if f.weekMet() && at.WeekMet > 0 {
		at.Level = min(at.Level+1, f.top)
	}
}
