package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

// What differs between two sentences is marked word by word, and nothing is lost.
func TestApart(t *testing.T) {
	was, is := apart("Højst 6 gavekort i alt.", "Højst 7 gavekort om året.")
	require.Equal(t, []Piece{{"Højst", false}, {"6", true}, {"gavekort", false}, {"i alt.", true}}, was)
	require.Equal(t, []Piece{{"Højst", false}, {"7", true}, {"gavekort", false}, {"om året.", true}}, is)
}

// A chart ends where the table does, and its axes have round numbers.
func TestSteps(t *testing.T) {
	s := steps(View{Lang: English}, []step{{2, 20000}, {4, 40000}, {12, 120000}}, func(n int64) string { return domain.FormatMoneyShort(n, "DKK") })
	require.Equal(t, "It adds up to 1.200 kr. in 12 sessions. The table below says the same.", s.Says)
	require.Equal(t, "M74 200H127V177H180V154H393V60H420", s.Line)
	var up, across []string
	for _, tick := range s.Up {
		up = append(up, tick.Text)
	}
	for _, tick := range s.Across {
		across = append(across, tick.Text)
	}
	require.Equal(t, []string{"0 kr.", "500 kr.", "1.000 kr.", "1.500 kr."}, up)
	require.Equal(t, []string{"0", "5", "10"}, across)
}
