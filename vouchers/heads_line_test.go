package vouchers

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/fasthold/fasthold/domain"
)

// A line is what json.Marshal makes of its columns, whatever stands in them: heads that
// are kept outside were made so.
func TestHeadLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var id domain.ID
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(r, "id"))
		none := (*domain.ID)(nil)
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ -~]{0,40}`), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }), rapid.Just(`{"amount":20000,"a\b":"<&>  æ"}`)).Draw(r, "text")
		at := time.UnixMicro(rapid.Int64Range(0, 1<<51).Draw(r, "at"))
		want, err := json.Marshal([]any{id, text, none, &id, at.UTC()})
		require.NoError(t, err)
		require.Equal(t, string(want), string(headLine("[").id(id).text(text).maybe(none).maybe(&id).time(at).end()))
	})
}

func BenchmarkHeadLine(b *testing.B) {
	e := domain.AuditEntry{Person: "mette.holm@lillebaek.dk", Role: domain.Caseworker, Action: "recordAttendance", Object: "attendance", Detail: domain.Raw(`{"plan":"01920000-0000-7000-8000-000000000001","outcome":"attended"}`), RequestID: "WZZDJFC7RLXSCF5YSPPT6Z7SQZ", CreatedAt: time.Date(2026, 11, 22, 10, 0, 0, 123456000, time.UTC)}
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		m := newHeadMaker(Head{}, time.Now())
		for b.Loop() {
			m.audit(e)
		}
	})
	b.Run("json.Marshal", func(b *testing.B) {
		b.ReportAllocs()
		var h Head
		for b.Loop() {
			line, err := json.Marshal([]any{e.ID, e.Person, e.Role, e.TokenID, e.Action, e.Object, e.ObjectID, string(e.Detail), e.RequestID, e.CreatedAt.UTC()})
			require.NoError(b, err)
			h.add(&h.Audit, line)
		}
	})
}
