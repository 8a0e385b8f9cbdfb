package main

import (
	"fmt"
	"strconv"
	"strings"
)

// thousands writes 2800 as 2,800.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// money writes 56000000 DKK as 560,000.00 DKK.
func money(minor int64, currency string) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	return fmt.Sprintf("%s%s.%02d %s", sign, thousands(int(minor/100)), minor%100, currency)
}

// count says how many there are: "1 line", "2,800 lines".
func count(n int, noun string) string {
	switch {
	case n == 1:
	case strings.HasSuffix(noun, "y") && !strings.HasSuffix(noun, "ey"):
		noun = strings.TrimSuffix(noun, "y") + "ies"
	default:
		noun += "s"
	}
	return thousands(n) + " " + noun
}
