package sheet

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMoment(t *testing.T) {
	t.Parallel()
	loc := copenhagen(t)
	for text, want := range map[string]string{
		"05-12-2025 15:45":          "2025-12-05T14:45:00Z",
		"5-12-2025 9:05":            "2025-12-05T08:05:00Z",
		"05-12-2025 15.45":          "2025-12-05T14:45:00Z",
		"05-12-2025 15:45:30":       "2025-12-05T14:45:30Z",
		"05-12-2025  15:45":         "2025-12-05T14:45:00Z",
		"05-12-2025":                "2025-12-04T23:00:00Z",
		"2025-12-05 15:45":          "2025-12-05T14:45:00Z",
		"2025-12-05T15:45":          "2025-12-05T14:45:00Z",
		"2025-12-05T15:45:30":       "2025-12-05T14:45:30Z",
		"2025-12-05T15:45Z":         "2025-12-05T15:45:00Z",
		"2025-12-05T15:45:00-05:00": "2025-12-05T20:45:00Z",
		"2025-12-05 15:45+01:00":    "2025-12-05T14:45:00Z",
		"29-03-2026 01:59":          "2026-03-29T00:59:00Z",
		"29-03-2026 03:00":          "2026-03-29T01:00:00Z",
		"25-10-2026 01:59":          "2026-10-24T23:59:00Z",
		"25-10-2026 02:00":          "2026-10-25T00:00:00Z", // the first of two
		"25-10-2026 02:59":          "2026-10-25T00:59:00Z",
		"25-10-2026 03:00":          "2026-10-25T02:00:00Z",
		"2026-03-29T02:30:00+01:00": "2026-03-29T01:30:00Z", // an offset leaves no doubt
	} {
		m, reason := parseMoment(text)
		require.Empty(t, reason, text)
		at, reason := m.in(loc)
		require.Empty(t, reason, text)
		require.Equal(t, want, at.UTC().Format(time.RFC3339), text)
	}
	for _, text := range []string{"29-03-2026 02:00", "29-03-2026 02:59", "2026-03-29T02:30"} {
		m, reason := parseMoment(text)
		require.Empty(t, reason, text)
		_, reason = m.in(loc)
		require.Equal(t, "no such local time: clocks go forward", reason, text)
	}
}

// Zones change by other steps than an hour, and at other times than at night.
func TestMomentElsewhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, text, want string }{
		{"Australia/Lord_Howe", "05-04-2026 01:45", "2026-04-04T14:45:00Z"}, // half an hour
		{"America/New_York", "01-11-2026 01:30", "2026-11-01T05:30:00Z"},
		{"Asia/Kolkata", "01-11-2026 01:30", "2026-10-31T20:00:00Z"},
		{"UTC", "01-11-2026 01:30", "2026-11-01T01:30:00Z"},
	} {
		loc, err := time.LoadLocation(c.zone)
		require.NoError(t, err)
		m, _ := parseMoment(c.text)
		at, reason := m.in(loc)
		require.Empty(t, reason)
		require.Equal(t, c.want, at.UTC().Format(time.RFC3339), c.zone)
	}
}
