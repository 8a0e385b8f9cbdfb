package rules

import "github.com/fasthold/fasthold/domain"

// fields are the fields that a section of the document may have.
type fields []string

// The sections of a document. A field in none of its lists is unknown.
var (
	documentFields = fields{
		"programme", "title", "legal_basis", "age", "currency", "time_zone", "mode", "phases", "funder", "caps", "claw_back", "voucher",
		"excused", "pauses", "readmission",
	}
	titleFields = fields{"da", "en"}
	ageFields   = fields{"from", "to"}
	phaseFields = fields{
		"name", "days", "weeks", "carry", "opportunities", "target", "outcomes", "requirement", "magnitude",
		"escalation", "reset", "restoration", "bonus", "draws", "bowl", "hat", "make_up",
	}
	excuseFields      = fields{"reasons", "notice_hours", "most", "per", "decided_by"}
	makeUpFields      = fields{"of", "within_days", "most"}
	pauseFields       = fields{"reason", "clock", "level", "streak", "max_days"}
	readmissionFields = fields{"within_days", "clock", "level", "streak", "later"}
	carryFields       = fields{"level", "streak"}
	scheduleFields    = fields{"days", "per_week", "on_days", "any", "min_gap", "count"}
	targetFields      = fields{"attend", "on_time_within", "stay_at_least", "test", "goal", "task", "nth_session", "all_of", "any_of", "n_of"}
	nOfFields         = fields{"n", "of"}
	outcomeFields     = fields{"no_show", "excused", "cancelled", "late", "left_early", "no_valid_sample", "pending"}
	requirementFields = fields{"met", "rising"}
	risingFields      = fields{"start", "step", "ceiling"}
	magnitudeFields   = fields{"constant", "table", "linear", "descending", "tokens"}
	tokensFields      = fields{"earn", "price", "reward"}
	earnFields        = fields{"constant", "table", "linear", "descending"}
	linearFields      = fields{"start", "step", "ceiling"}
	descentFields     = fields{"start", "step", "floor"}
	escalationFields  = fields{"every", "excused"}
	everyFields       = fields{"consecutive", "calendar_week"}
	resetFields       = fields{"on", "to", "clears_bonus"}
	levelFields       = fields{"level"}
	restorationFields = fields{"after", "apply", "to", "memory", "part_run"}
	bonusFields       = fields{"every_consecutive", "once_at", "whole_week_met", "phase_completed", "amount"}
	drawsFields       = fields{"start", "step", "ceiling", "reset", "with_replacement"}
	drawResetFields   = fields{"on", "to"}
	slipFields        = fields{"slips", "label", "value"}
	hatFields         = fields{"names"}
	capFields         = fields{"count", "amount", "period", "across", "basis", "at_limit"}
	voucherFields     = fields{"valid_days", "partial", "categories", "excluded"}
)

// words are the words that a field may hold.
type words []string

var (
	modes     = words{Automatic, Proposes}
	effects   = words{string(Met), string(NotMet), string(Hold), string(Ignore)}
	periods   = words{PerAward, Month, CalendarYear, RollingYear, Episode, Lifetime}
	bases     = words{Earned, Issued}
	scopes    = words{Programme, Funder}
	clawBacks = words{ClawBackNever, ClawBackUnspent}
	goals     = words{Any, Goal, SubGoal, PhaseDone, PlanDone}
	atAmount  = words{PayRest, Deny, Stop, Truncate}
	atCount   = words{Deny, Stop}
	results   = words{Negative}
	weeks     = words{"all_met"}
	readings  = words{ExcusedBreaks, ExcusedCounts}
	applies   = words{Next, Qualifying}
	restoreTo = words{Last, Due}
	memories  = words{First, Last, Highest}
	partRuns  = words{Keep, Fresh}
	dayNames  = words{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	misses    = words{string(NotMet), domain.NoShow, domain.Excused, domain.Cancelled, Late, LeftEarly, NoValidSample, Pending, domain.Attended}

	// Of time: excuses, make-ups, pauses and readmission.
	missed        = words{domain.NoShow, domain.Excused, domain.Cancelled, Late, LeftEarly, NoValidSample, Pending}
	excusePeriods = words{PerEpisode, PerPhase, PerMonth}
	deciders      = words{string(domain.Caseworker), string(domain.TeamLeader)}
	pauseReasons  = words{Closure, ResidentialCare, Prison, Leave}
	pauseClocks   = words{Stops, Runs}
	gapClocks     = words{Stops, Runs, Restarts}
	returnLevels  = words{Keep, ToStart, ToPrevious}
	returnStreaks = words{Keep, Restart}
	laters        = words{NewEpisode, Refuse}
)
