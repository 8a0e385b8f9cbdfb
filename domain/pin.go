package domain

import (
	"fmt"
	"regexp"
	"strings"
)

// The digits that a PIN may have.
const (
	ShortestPIN = 4
	LongestPIN  = 8
)

var pinShape = regexp.MustCompile(fmt.Sprintf(`^[0-9]{%d,%d}$`, ShortestPIN, LongestPIN))

// CheckPIN notes what is wrong with a new PIN of somebody born on a day. It
// refuses what a stranger, or a friend, would try first.
func CheckPIN(f *Fields, field, pin string, born Date) {
	switch {
	case !pinShape.MatchString(pin):
		f.Add(field, "invalid", "must be %d to %d digits", ShortestPIN, LongestPIN)
	case easyPIN(pin):
		f.Add(field, "too_easy", "must not be one digit only, nor a row such as 1234: choose another")
	case birthPIN(pin, born):
		f.Add(field, "too_easy", "must not be the date or the year of birth: choose another")
	}
}

// easyPIN reports whether each digit follows from the one before: 0000, 1234,
// 9876, 7890.
func easyPIN(pin string) bool {
	step := (pin[1] - pin[0] + 10) % 10
	if step > 1 && step < 9 {
		return false
	}
	for i := 1; i < len(pin); i++ {
		if (pin[i]-pin[i-1]+10)%10 != step {
			return false
		}
	}
	return true
}

// birthPIN reports whether a PIN is a date of birth, or a part of it, in any of
// the orders in which people write one.
func birthPIN(pin string, born Date) bool {
	day, month, year := fmt.Sprintf("%02d", born.Day), fmt.Sprintf("%02d", int(born.Month)), fmt.Sprintf("%04d", born.Year)
	short := year[2:]
	for _, parts := range [][]string{
		{day, month}, {month, day}, {year}, {month, short}, {day, month, short}, {short, month, day}, {month, day, short},
		{day, month, year}, {year, month, day}, {month, day, year}, {month, year}, {year, month},
	} {
		if pin == strings.Join(parts, "") {
			return true
		}
	}
	return false
}
