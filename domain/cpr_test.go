package domain_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

// modulus11 is the check that numbers without it fail since 2007.
func modulus11(digits string) bool {
	sum := 0
	for i, weight := range []int{4, 3, 2, 7, 6, 5, 4, 3, 2, 1} {
		sum += weight * int(digits[i]-'0')
	}
	return sum%11 == 0
}

// Every seventh digit gives the century that DOMAIN.md §3 says, at both ends of
// what it depends on.
func TestCPRCenturies(t *testing.T) {
	t.Parallel()
	for seventh, want := range map[int][4]int{ // of the years 00, 36, 37 and 99
		0: {1900, 1936, 1937, 1999}, 1: {1900, 1936, 1937, 1999}, 2: {1900, 1936, 1937, 1999}, 3: {1900, 1936, 1937, 1999},
		4: {2000, 2036, 1937, 1999}, 9: {2000, 2036, 1937, 1999},
		5: {2000, 2036, 2037, 1899}, 6: {2000, 2036, 2037, 1899}, 7: {2000, 2036, 2037, 1899}, 8: {2000, 2036, 2037, 1899},
	} {
		for i, short := range []int{0, 36, 37, 99} {
			cpr, err := domain.ParseCPR(fmt.Sprintf("0107%02d-%d123", short, seventh))
			require.NoError(t, err)
			require.Equal(t, domain.Date{Year: want[i], Month: 7, Day: 1}, cpr.Born(), "%d of %d", short, seventh)
		}
		for short, year := range map[int]int{57: 2057, 58: 1858} {
			cpr, err := domain.ParseCPR(fmt.Sprintf("0107%02d-%d123", short, seventh))
			require.NoError(t, err)
			if seventh < 5 || seventh == 9 {
				year = 1900 + short
			}
			require.Equal(t, year, cpr.Born().Year, "%d of %d", short, seventh)
		}
	}
}

func TestParseCPR(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text, born  string
		replacement bool
		check       bool // modulus 11, which is not asked for
	}{
		"with modulus 11":     {"0707614285", "1961-07-07", false, true},
		"without modulus 11":  {"010107-4000", "2007-01-01", false, false},
		"another without":     {"010165-1235", "1965-01-01", false, false},
		"a space":             {"070761 4285", "1961-07-07", false, true},
		"a dash":              {"070761 – 4285", "1961-07-07", false, true},
		"replacement":         {"670761-4285", "1961-07-07", true, false},
		"replacement on 31st": {"910199-1234", "1999-01-31", true, true},
		"leap day":            {"290200-4123", "2000-02-29", false, false},
		"leap day of 1904":    {"290204-1123", "1904-02-29", false, false},
		"born 1858":           {"010158-5123", "1858-01-01", false, true},
	} {
		cpr, err := domain.ParseCPR(c.text)
		require.NoError(t, err, name)
		require.Equal(t, c.born, cpr.Born().String(), name)
		require.Equal(t, c.replacement, cpr.Replacement(), name)
		require.Equal(t, c.check, modulus11(cpr.Digits()), name)
		again, err := domain.ParseCPR(cpr.Reveal())
		require.NoError(t, err, name)
		require.Equal(t, cpr, again, name)
	}
	for name, text := range map[string]string{
		"nothing": "", "nine digits": "070761-428", "eleven digits": "070761-42855", "letters": "070761-428X", "no day": "000761-4285", "day 32": "320761-4285", "day 60": "600761-4285",
		"day 92": "920761-4285", "no month": "070061-4285", "month 13": "071361-4285", "31 April": "310461-4285", "29 February 1900": "290200-1123", "29 February 2001": "290201-4123", "text before": "x070761-4285",
	} {
		_, err := domain.ParseCPR(text)
		require.ErrorContains(t, err, "must be a CPR number", name)
		if text != "" {
			require.NotContains(t, err.Error(), text, name)
		}
	}
	require.Empty(t, domain.CPR{}.Reveal())
}

func TestParsePhone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"20304050": "+4520304050", "20 30 40 50": "+4520304050", "+45 20 30 40 50": "+4520304050", "0045 20304050": "+4520304050", "(+45) 20-30-40-50": "+4520304050",
		"99.99.99.99": "+4599999999", "+46 70 123 45 67": "+46701234567", "004917012345678": "+4917012345678",
	} {
		phone, err := domain.ParsePhone(text)
		require.NoError(t, err, text)
		require.Equal(t, want, phone.Reveal())
	}
	for _, text := range []string{"", "2030405", "203040501", "10203040", "01020304", "+45 1020304", "+45 10203040", "+4520304050111", "+0120304050", "+", "+46", "+1234567890123456", "112", "ring til mor", "20304050;"} {
		_, err := domain.ParsePhone(text)
		require.ErrorContains(t, err, "must be a telephone number", text)
	}
}
