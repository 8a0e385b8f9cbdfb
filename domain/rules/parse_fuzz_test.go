package rules_test

import (
	"bytes"
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
	f.Add([]byte("\n\n{\"age\": {\"from\":\r\n 1, \"a b\": [1\n, {}]}}"))
	f.Add([]byte("a: &a [*a]\n<<: *a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := rules.Parse(data)
		if err != nil {
			require.Equal(t, domain.Invalid, domain.KindOf(err))
			for _, f := range domain.FieldsOf(err) {
				require.True(t, f.Line >= 0 && f.Line <= 1+bytes.Count(data, []byte("\n")), f)
			}
			return
		}
		again, err := rules.Parse(d.JSON())
		require.NoError(t, err)
		require.Equal(t, d, again)
		again, err = rules.Parse(d.YAML())
		require.NoError(t, err)
		require.Equal(t, d, again)
		rules.Start(d, start).Progress(d)
		state, _ := evaluate(d, visits("AANECO"))
		state.Ahead(d, start.AddDays(7).In(d.Location()))
		require.NotEmpty(t, d.Sentences())
	})
}
