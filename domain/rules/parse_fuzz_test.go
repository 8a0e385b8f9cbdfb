package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

func FuzzParse(f *testing.F) {
	f.Add(moveYAML(f))
	f.Add(move(f).JSON())
	for _, body := range []string{higgins, california, prizes, weaver} {
		f.Add([]byte(header + body))
	}
	f.Add([]byte("phases: [{magnitude: {table: [1, 2]}}]\ncaps: [{amount: 1}]"))
	f.Add([]byte("a: &a [*a]\n<<: *a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := rules.Parse(data)
		if err != nil {
			require.Equal(t, domain.Invalid, domain.KindOf(err))
			return
		}
		again, err := rules.Parse(d.JSON())
		require.NoError(t, err)
		require.Equal(t, d, again)
		rules.Start(d, start).Progress(d)
		state, _ := evaluate(d, visits("AANECO"))
		state.Ahead(d, start.AddDays(7).In(d.Location()))
		require.NotEmpty(t, d.Sentences())
	})
}
