package api

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// An export is asked for, followed and fetched by its addresses alone; its rows
// are those of the journal as CSV, byte for byte.
func TestExportOverHTTP(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		for _, format := range []string{"csv", "xlsx"} {
			asked := w.do(domain.Finance, "POST", "/exports", `{"what": "postings", "format": "`+format+`", "filters": {"account": "payable"}}`, "Idempotency-Key", format)
			require.Equal(t, 202, asked.Code, asked.Body)
			where := strings.TrimPrefix(asked.Header().Get("Location"), base)
			early := w.do(domain.Finance, "GET", where+"/file", "")
			require.Equal(t, 409, early.Code)
			require.Equal(t, "export_not_done", problem(t, early).Code)
			ok(w.service.RunExports(t.Context(), w.home))
			var e Export
			require.NoError(t, json.Unmarshal(w.do(domain.Finance, "GET", where, "").Body.Bytes(), &e))
			journal := w.do(domain.Finance, "GET", "/postings?account=payable&format=csv", "").Body.String()
			booked := int64(strings.Count(journal, "\n") - 1) // less the heading
			require.Greater(t, booked, int64(1))
			require.Equal(t, []any{"done", booked, booked}, []any{e.State, e.RowsTotal, e.RowsDone})
			file := w.do(domain.Finance, "GET", strings.TrimPrefix(e.FileURL, base), "")
			require.EqualValues(t, e.Bytes, file.Body.Len())
			require.Contains(t, file.Header().Get("Content-Disposition"), `"postings-2026-11-21.`+format+`"`)
			if format == "csv" {
				require.Equal(t, journal, file.Body.String())
				continue
			}
			book, err := excelize.OpenReader(bytes.NewReader(file.Body.Bytes()))
			require.NoError(t, err)
			rows, err := book.GetRows("Posteringer")
			require.NoError(t, err)
			require.Len(t, rows, strings.Count(journal, "\n"))
			require.Equal(t, 404, w.do(domain.Auditor, "GET", where, "").Code, "it is whose it is")
		}
	})
}

// A closing shows what stood on each account, and closes.
func TestClosingOverHTTP(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		refused := w.do(domain.Finance, "POST", "/closings", `{"through": "2026-11-20"}`, "Idempotency-Key", "a")
		require.Equal(t, "too_late", problem(t, refused).Errors[0].Code)
		w.now = w.now.AddDate(0, 0, 2)
		closed := w.do(domain.Finance, "POST", "/closings", `{"through": "2026-11-21"}`, "Idempotency-Key", "b")
		require.Equal(t, 201, closed.Code, closed.Body)
		var c ClosingResult
		require.NoError(t, json.Unmarshal(closed.Body.Bytes(), &c))
		sum, spent := int64(0), int64(0)
		for _, total := range c.Totals {
			if sum += total.Amount; total.Currency == "DKK" && (total.Account == "payable" || total.Account == "settled") {
				spent -= total.Amount
			}
		}
		require.Zero(t, sum)
		require.Equal(t, w.report(t, "spend?at=2026-11-21").Total, spent)
		csv := w.do(domain.Auditor, "GET", "/closings/"+c.Closing.ID.String()+"?format=csv", "")
		require.Equal(t, len(c.Totals)+1, strings.Count(csv.Body.String(), "\n"))
		require.True(t, strings.HasPrefix(csv.Body.String(), "through,account,currency,programme_id,unit_id,budget_id,amount\n2026-11-21,budget,DKK,"), csv.Body)
		w.now = w.now.AddDate(0, -1, 0) // a clock that jumps back
		ok(w.service.Void(t.Context(), w.as(domain.TeamLeader), store.Key{}, w.find("vch", 5), "Fejl."))
		verified(t, w)
		var moved PostingList
		read(t, w, base+"/postings?event=void", &moved)
		require.Equal(t, "2026-11-22", moved.Data[0].BookedOn.String())
	})
}
