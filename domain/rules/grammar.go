package rules

// fields are the fields that a section of the document may have.
type fields struct {
	known []string // read by this version
	later []string // in the language, but not yet read: refused as not supported
}

// The sections of a document. A field in none of its lists is unknown.
var (
	documentFields = fields{
		known: []string{"programme", "title", "legal_basis", "age", "currency", "time_zone", "mode", "phases", "caps", "voucher"},
		later: []string{"claw_back", "excused", "group", "make_up", "make_ups", "pause", "pauses", "readmission"},
	}
	titleFields = fields{known: []string{"da", "en"}}
	ageFields   = fields{known: []string{"from", "to"}}
	phaseFields = fields{
		known: []string{"name", "days", "weeks", "target", "outcomes", "requirement", "magnitude"},
		later: []string{"bonus", "bowl", "carry", "draws", "escalation", "excused", "make_up", "make_ups",
			"opportunities", "pause", "pauses", "reset", "restoration"},
	}
	targetFields = fields{
		known: []string{"attend"},
		later: []string{"all_of", "any_of", "goal", "milestone", "n_of", "on_time_within", "stay_at_least", "task", "test"},
	}
	outcomeFields = fields{
		known: []string{"no_show", "excused", "cancelled"},
		later: []string{"attended", "late", "left_early", "no_valid_sample", "pending"},
	}
	requirementFields = fields{
		known: []string{"met"},
		later: []string{"ceiling", "linear", "rising", "start", "step", "table"},
	}
	magnitudeFields = fields{
		known: []string{"constant", "table"},
		later: []string{"descending", "linear", "tokens"},
	}
	capFields = fields{
		known: []string{"count", "amount", "period", "basis", "at_limit"},
		later: []string{"across", "draws", "funder", "per"},
	}
	voucherFields = fields{known: []string{"valid_days", "partial", "categories", "excluded"}}
)

// words are the words that a field may hold.
type words struct{ known, later []string }

var (
	modes    = words{known: []string{Automatic, Proposes}}
	effects  = words{known: []string{string(Met), string(NotMet), string(Hold), string(Ignore)}}
	periods  = words{known: []string{Episode}, later: []string{"award", "month", "calendar_year", "rolling_year", "lifetime"}}
	bases    = words{known: []string{Earned}, later: []string{"issued"}}
	atAmount = words{known: []string{PayRest, Deny, Stop}, later: []string{"truncate"}}
	atCount  = words{known: []string{Deny, Stop}, later: []string{"truncate"}}
)
