package api

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

func TestPage(t *testing.T) {
	same := func(i domain.ID) domain.ID { return i }
	rapid.Check(t, func(t *rapid.T) {
		var a, b domain.ID
		copy(a[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "a"))
		copy(b[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "b"))
		data, more, next := listed(vouchers.Listed[domain.ID]{Rows: []domain.ID{a, b}, More: true}, same, same)
		require.Equal(t, []domain.ID{a, b}, data)
		require.True(t, more)
		require.Regexp(t, "^[A-Za-z0-9_-]{22}$", next)
		p, err := page(7, next)
		require.NoError(t, err)
		require.Equal(t, b, p.After, "the next page begins after the last row")
		require.Equal(t, 7, p.Limit)
	})

	t.Run("the last page", func(t *testing.T) {
		data, more, next := listed(vouchers.Listed[domain.ID]{}, same, same)
		require.NotNil(t, data, "no rows are [] and not null")
		require.False(t, more)
		require.Empty(t, next)
	})
	t.Run("the first page", func(t *testing.T) {
		p, err := page(0, "")
		require.NoError(t, err)
		require.Equal(t, usualLimit, p.Limit)
		require.Equal(t, uuid.Nil, p.After)
	})
	t.Run("no cursor of ours", func(t *testing.T) {
		for _, cursor := range []string{"x", "AAAA", "AZIAAAAAcACAAAAAAAAAAR", "AZIAAAAAcACAAAAAAAAA!!"} {
			_, err := page(1, cursor)
			status, told := tell(err)
			require.Equal(t, 400, status, cursor)
			require.Equal(t, "cursor", told.Fields[0].Field)
		}
	})
}

func TestVersion(t *testing.T) {
	require.Equal(t, `"3"`, etag(3))
	require.EqualValues(t, 3, version(etag(3)))
	require.EqualValues(t, 999999999999999999, version(`"999999999999999999"`), "the longest that openapi.yaml lets through")
	require.Zero(t, version(""))
}
