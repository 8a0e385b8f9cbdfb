package rules

import (
	"encoding/json"
	"fmt"
)

// MarshalJSON writes "visit", {"consecutive": 2}, {"calendar_week": "all_met"}
// or "week_number".
func (e Every) MarshalJSON() ([]byte, error) {
	switch {
	case e.Visit:
		return []byte(`"visit"`), nil
	case e.AllMet:
		return []byte(`{"calendar_week":"all_met"}`), nil
	case e.WeekNumber:
		return []byte(`"week_number"`), nil
	default:
		return fmt.Appendf(nil, `{"consecutive":%d}`, e.Consecutive), nil
	}
}

// MarshalJSON writes "start" and the other words, or {"level": 3}.
func (r ResetTo) MarshalJSON() ([]byte, error) {
	if r.Word != "" {
		return json.Marshal(r.Word)
	}
	return fmt.Appendf(nil, `{"level":%d}`, r.Level), nil
}
