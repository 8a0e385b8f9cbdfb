package domain

import "time"

// easter gives Easter Sunday of a year of the Gregorian calendar (Meeus, Jones and
// Butcher).
func easter(year int) Date {
	a, b, c := year%19, year/100, year%100
	d := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	e := (32 + 2*(b%4) + 2*(c/4) - d - c%4) % 7
	f := d + e - 7*((a+11*d+22*e)/451) + 114
	return Date{year, time.Month(f / 31), f%31 + 1}
}

// Days on which Danish banks are closed, counted from Easter Sunday.
const (
	maundyThursday = -3
	goodFriday     = -2
	easterMonday   = 1
	greatPrayerDay = 26 // until lastGreatPrayerDay
	ascensionDay   = 39
	afterAscension = 40
	whitMonday     = 50
)

const lastGreatPrayerDay = 2023

// BankDay reports whether Danish banks carry payments out on a day: not on
// Saturdays, Sundays and holidays, nor on the day after Ascension Day, 5 June, 24
// December and 31 December.
func BankDay(d Date) bool {
	switch weekday := d.In(time.UTC).Weekday(); {
	case weekday == time.Saturday || weekday == time.Sunday:
		return false
	case d.Month == time.January && d.Day == 1, d.Month == time.June && d.Day == 5:
		return false
	case d.Month == time.December && (d.Day >= 24 && d.Day <= 26 || d.Day == 31):
		return false
	}
	switch easter(d.Year).Days(d) {
	case maundyThursday, goodFriday, easterMonday, ascensionDay, afterAscension, whitMonday:
		return false
	case greatPrayerDay:
		return d.Year > lastGreatPrayerDay
	}
	return true
}

// BankDayFrom gives the first day on which banks pay, that one or later.
func BankDayFrom(d Date) Date {
	for !BankDay(d) {
		d = d.AddDays(1)
	}
	return d
}
