package sheet

import (
	"regexp"
	"strconv"
)

// harmless are numbers, dates, times of day and short case numbers: what cannot
// be a name, and is no CPR or telephone number either.
var harmless = regexp.MustCompile(`^([0-9]{1,4}([-./:][0-9]{1,4}){0,2}|[A-Za-z]{1,3}-?[0-9]{1,6})$`)

// Shown gives what a field says, in quotation marks after a space, for a sentence
// that others will read; nothing when it could be about a person. A column may
// hold what belongs in the one beside it.
func Shown(field string) string {
	if !harmless.MatchString(field) {
		return ""
	}
	return " " + strconv.Quote(field)
}

// this is Shown to begin a sentence with.
func this(field string) string {
	if shown := Shown(field); shown != "" {
		return shown[1:]
	}
	return "what is written"
}
