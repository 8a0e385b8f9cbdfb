package web

import "strconv"

// Failure is what the page called error shows.
type Failure struct {
	What, Do  string    // keys: what happened, and what to do
	Prove     string    // where to prove again who one is, and come back; "": it is about something else
	SignIn    string    // where to sign in, in a new tab; "": it is about something else
	Kept      *KeptForm // nil: nothing was sent that can be sent again
	Home      string    // the first page of who is there
	RequestID string    // the number of its line in the log; "": not shown
}

// KeptForm is a form that was sent in vain, to be sent again as it was.
type KeptForm struct {
	Action string
	Fields []KeptField
}

// KeptField is one of its values.
type KeptField struct{ Name, Value string }

// FailureOf finds the words for an error code of docs/api.md, or else for the
// HTTP status.
func FailureOf(code string, status int, requestID string) Failure {
	key := "error." + code
	for _, other := range []int{status, status / 100 * 100} {
		if !Has(key + ".what") {
			key = "error." + strconv.Itoa(other)
		}
	}
	return Failure{What: key + ".what", Do: key + ".do", RequestID: requestID}
}
