package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNumbers(t *testing.T) {
	for n, text := range map[int]string{0: "0", 7: "7", 999: "999", 1_000: "1,000", 2_800: "2,800", 1_234_567: "1,234,567", -1_000: "-1,000", -999: "-999"} {
		require.Equal(t, text, thousands(n))
	}
	require.Equal(t, "560,000.00 DKK", money(56_000_000, "DKK"))
	require.Equal(t, "0.05 DKK", money(5, "DKK"))
	require.Equal(t, "-1,000.50 EUR", money(-100_050, "EUR"))
	require.Equal(t, "1 line", count(1, "line"))
	require.Equal(t, "0 municipalities", count(0, "municipality"))
	require.Equal(t, "2 keys", count(2, "key"))
}

func TestProgress(t *testing.T) {
	var log bytes.Buffer
	p := newProgress(&log)
	p.show("at %d", 1)
	p.show("at %d", 2)
	p.clear()
	require.Equal(t, "at 1\n", log.String(), "a log gets one line")

	log.Reset()
	p = &progress{out: &log, terminal: true}
	p.show("at %d", 1)
	p.show("at %d", 2)
	p.clear()
	require.Equal(t, "\rat 1\x1b[K\r\x1b[K", log.String(), "a terminal is not redrawn for each step")
	require.Equal(t, "[===============               ]", bar(1, 2))
	require.Equal(t, "[==============================]", bar(0, 0))
}
