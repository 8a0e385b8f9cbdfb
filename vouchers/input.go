package vouchers

import (
	"regexp"
	"strconv"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// day makes a filter's date one that every database takes.
func day(d domain.Date) domain.Date {
	if d.Year < 1 && !d.IsZero() {
		return domain.Date{Year: 1, Month: time.January, Day: 1}
	}
	return d
}

// today is the date at the site.
func (s *Service) today(tx *store.Tx) (domain.Date, error) {
	loc, err := tx.Zone()
	if err != nil {
		return domain.Date{}, err
	}
	return domain.DateOf(s.now(), loc), nil
}

// reference cleans a number of the municipality's own and refuses a CPR number,
// which must not end up where people read, sort and print.
func reference(f *domain.Fields, field, text string) string {
	text = f.Clean(field, text, 100, false)
	f.Check(!looksLikeCPR(text), field, "cpr_number", "looks like a CPR number: send the municipality's own case number, never the CPR number")
	return text
}

// cprShape is DDMMYY-SSSS, with or without something between.
var cprShape = regexp.MustCompile(`^(\d\d)(\d\d)\d\d\s?[-–]?\s?\d{4}$`)

// looksLikeCPR reports whether a text could be somebody's CPR number: ten digits
// that begin with a day and a month. A replacement number has 60 added to the
// day. The century hides in the seventh digit, so 29 February is always possible.
func looksLikeCPR(text string) bool {
	parts := cprShape.FindStringSubmatch(text)
	if parts == nil {
		return false
	}
	day, _ := strconv.Atoi(parts[1]) // two digits, says the pattern
	month, _ := strconv.Atoi(parts[2])
	if day > 60 {
		day -= 60
	}
	const leapYear = 2024
	d := time.Date(leapYear, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return d.Day() == day && d.Month() == time.Month(month)
}

// numberShape is what looksLikeCPR looks at, in a sentence.
var numberShape = regexp.MustCompile(`\d{6}\s?[-–]?\s?\d{4}`)

// withoutCPR takes what could be CPR numbers out of a sentence.
func withoutCPR(sentence string) string {
	return numberShape.ReplaceAllStringFunc(sentence, func(number string) string {
		if looksLikeCPR(number) {
			return "[a CPR number]"
		}
		return number
	})
}
