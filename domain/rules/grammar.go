package rules

import "github.com/fasthold/fasthold/domain"

// fields are the fields that a section of the document may have.
type fields struct {
	known []string // read by this version
	later []string // in the language, but not yet read: refused as not supported
}

// The sections of a document. A field in none of its lists is unknown.
var (
	documentFields = fields{
		known: []string{"programme", "title", "legal_basis", "age", "currency", "time_zone", "mode", "phases", "funder", "caps", "claw_back", "voucher",
			"excused", "pauses", "readmission"},
		later: []string{"group"},
	}
	titleFields = fields{known: []string{"da", "en"}}
	ageFields   = fields{known: []string{"from", "to"}}
	phaseFields = fields{
		known: []string{"name", "days", "weeks", "carry", "opportunities", "target", "outcomes", "requirement", "magnitude",
			"escalation", "reset", "restoration", "bonus", "draws", "bowl", "hat", "make_up"},
	}
	excuseFields      = fields{known: []string{"reasons", "notice_hours", "most", "per", "decided_by"}}
	makeUpFields      = fields{known: []string{"of", "within_days", "most"}}
	pauseFields       = fields{known: []string{"reason", "clock", "level", "streak", "max_days"}}
	readmissionFields = fields{known: []string{"within_days", "clock", "level", "streak", "later"}}
	carryFields       = fields{known: []string{"level", "streak"}}
	scheduleFields    = fields{known: []string{"days", "per_week", "on_days", "any", "min_gap", "count"}}
	targetFields      = fields{known: []string{"attend", "on_time_within", "stay_at_least", "test", "goal", "task", "nth_session", "all_of", "any_of", "n_of"}}
	nOfFields         = fields{known: []string{"n", "of"}}
	outcomeFields     = fields{known: []string{"no_show", "excused", "cancelled", "late", "left_early", "no_valid_sample", "pending"}, later: []string{"attended"}}
	requirementFields = fields{known: []string{"met", "rising"}}
	risingFields      = fields{known: []string{"start", "step", "ceiling"}}
	magnitudeFields   = fields{known: []string{"constant", "table", "linear", "descending", "tokens"}}
	tokensFields      = fields{known: []string{"earn", "price", "reward"}}
	earnFields        = fields{known: []string{"constant", "table", "linear", "descending"}}
	linearFields      = fields{known: []string{"start", "step", "ceiling"}}
	descentFields     = fields{known: []string{"start", "step", "floor"}}
	escalationFields  = fields{known: []string{"every", "excused"}}
	everyFields       = fields{known: []string{"consecutive", "calendar_week"}}
	resetFields       = fields{known: []string{"on", "to", "clears_bonus"}}
	levelFields       = fields{known: []string{"level"}}
	restorationFields = fields{known: []string{"after", "apply", "to", "memory", "part_run"}}
	bonusFields       = fields{known: []string{"every_consecutive", "once_at", "whole_week_met", "phase_completed", "amount"}}
	drawsFields       = fields{known: []string{"start", "step", "ceiling", "reset", "with_replacement"}}
	drawResetFields   = fields{known: []string{"on", "to"}}
	slipFields        = fields{known: []string{"slips", "label", "value"}}
	hatFields         = fields{known: []string{"names"}}
	capFields         = fields{known: []string{"count", "amount", "period", "across", "basis", "at_limit"}}
	voucherFields     = fields{known: []string{"valid_days", "partial", "categories", "excluded"}}
)

// words are the words that a field may hold.
type words struct{ known, later []string }

var (
	modes     = words{known: []string{Automatic, Proposes}}
	effects   = words{known: []string{string(Met), string(NotMet), string(Hold), string(Ignore)}}
	periods   = words{known: []string{PerAward, Month, CalendarYear, RollingYear, Episode, Lifetime}}
	bases     = words{known: []string{Earned, Issued}}
	scopes    = words{known: []string{Programme, Funder}}
	clawBacks = words{known: []string{ClawBackNever, ClawBackUnspent}}
	goals     = words{known: []string{Any, Goal, SubGoal, PhaseDone, PlanDone}}
	atAmount  = words{known: []string{PayRest, Deny, Stop, Truncate}}
	atCount   = words{known: []string{Deny, Stop}}
	results   = words{known: []string{Negative}}
	weeks     = words{known: []string{"all_met"}}
	readings  = words{known: []string{ExcusedBreaks, ExcusedCounts}}
	applies   = words{known: []string{Next, Qualifying}}
	restoreTo = words{known: []string{Last, Due}}
	memories  = words{known: []string{First, Last, Highest}}
	partRuns  = words{known: []string{Keep, Fresh}}
	dayNames  = words{known: []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}}
	misses    = words{known: []string{string(NotMet), domain.NoShow, domain.Excused, domain.Cancelled, Late, LeftEarly, NoValidSample, Pending, domain.Attended}}

	// Of time: excuses, make-ups, pauses and readmission.
	missed        = words{known: []string{domain.NoShow, domain.Excused, domain.Cancelled, Late, LeftEarly, NoValidSample, Pending}}
	excusePeriods = words{known: []string{PerEpisode, PerPhase, PerMonth}}
	deciders      = words{known: []string{string(domain.Caseworker), string(domain.TeamLeader)}}
	pauseReasons  = words{known: Reasons}
	pauseClocks   = words{known: []string{Stops, Runs}}
	gapClocks     = words{known: []string{Stops, Runs, Restarts}}
	returnLevels  = words{known: []string{Keep, ToStart, ToPrevious}}
	returnStreaks = words{known: []string{Keep, Restart}}
	laters        = words{known: []string{NewEpisode, Refuse}}
)
