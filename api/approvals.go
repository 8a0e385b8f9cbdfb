package api

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"time"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// waitingAt says where what waits is, by kind: the prefix of its id, and the path
// that it is under.
var waitingAt = map[string]struct{ prefix, path string }{
	vouchers.WaitingAward: {"awd", "/v1/awards/"}, vouchers.WaitingBudget: {"awd", "/v1/awards/"}, vouchers.WaitingWithholding: {"wth", "/v1/withholdings/"},
	vouchers.WaitingRun: {"srn", "/v1/settlement-runs/"}, vouchers.WaitingHold: {"hld", "/v1/settlement-holds/"},
	vouchers.WaitingEntry: {"ben", "/v1/bank-entries/"}, vouchers.WaitingInvoice: {"inv", "/v1/invoices/"},
}

func showWaiting(w vouchers.Waiting) Waiting {
	at := waitingAt[w.Kind]
	id := show(at.prefix, w.ID)
	return Waiting{
		Kind: w.Kind, ID: id, URL: at.path + id, Version: w.Version, Since: w.Since, Days: w.Days, Day: w.Day, Amount: w.Amount, Currency: w.Currency,
		UnitID: optional[unt](w.UnitID), ProgrammeID: optional[prg](w.ProgrammeID), AwardID: optional[awd](w.AwardID), WaitsBecause: w.Because,
		NextStep: showWanted(w.Needs), Next: w.Next, RunNumber: w.Run, Partners: w.Partners, OnBehalfOf: w.OnBehalfOf,
	}
}

// ListWaiting answers listWaiting.
func (h *handlers) ListWaiting(ctx context.Context, r ListWaitingRequestObject) (ListWaitingResponseObject, error) {
	after, err := placeOf(r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	limit := r.Params.Limit
	if limit == 0 {
		limit = usualLimit
	}
	q, err := h.service.Waiting(ctx, auth.Actor(ctx), after, limit)
	if err != nil {
		return nil, err
	}
	answer := ListWaiting200JSONResponse{Data: each(q.Items, showWaiting), HasMore: q.More}
	if q.More {
		answer.NextCursor = cursorOf(q.Items[limit-1].Place())
	}
	return answer, nil
}

// microseconds is how many bytes of a cursor are the time of a place in the queue;
// its id follows.
const microseconds = 8

// cursorOf is the cursor behind a place in the queue.
func cursorOf(p store.Place) string {
	raw := binary.BigEndian.AppendUint64(nil, uint64(p.Since.UnixMicro()))
	return base64.RawURLEncoding.EncodeToString(append(raw, p.ID[:]...))
}

// placeOf is the reverse of cursorOf; the zero place for "".
func placeOf(cursor string) (p store.Place, err error) {
	if cursor == "" {
		return p, nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) != microseconds+len(p.ID) {
		return p, malformed(domain.FieldError{Field: "cursor", Code: "unknown", Message: "must be the next_cursor of the page before"})
	}
	p.Since = time.UnixMicro(int64(binary.BigEndian.Uint64(raw))).UTC() //nolint:gosec // a time that nothing waits since finds nothing
	copy(p.ID[:], raw[microseconds:])
	return p, nil
}

// DecideAwards answers decideAwards.
func (h *handlers) DecideAwards(ctx context.Context, r DecideAwardsRequestObject) (DecideAwardsResponseObject, error) {
	in := vouchers.Decision{Approve: r.Body.Decision == "approve", Reason: r.Body.Reason}
	for _, a := range r.Body.Awards {
		in.Awards = append(in.Awards, vouchers.Deciding{AwardID: domain.ID(a.AwardID), Version: a.Version})
	}
	rows, again, err := h.service.DecideMany(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), in)
	if err != nil {
		return nil, err
	}
	answer := DecideAwards200JSONResponse{Headers: DecideAwards200ResponseHeaders{replayed(again)}}
	answer.Body.Data = each(rows, showDecision)
	return answer, nil
}

// showDecision shows what became of one award of many.
func showDecision(d vouchers.DecidedRow) Decision {
	shown := Decision{AwardID: AwardID(d.AwardID), Status: http.StatusOK}
	if d.Err != nil {
		status, told := tell(d.Err)
		shown.Status, shown.Code, shown.Detail = status, told.Code, told.Message
		return shown
	}
	award := showAward(d.Decided.Award)
	shown.Award, shown.NextStep = &award, showWanted(d.Decided.Needs)
	if v := d.Decided.Voucher; v != nil {
		shown.VoucherID = VoucherID(v.ID)
	}
	return shown
}
