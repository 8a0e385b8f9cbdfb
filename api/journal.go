package api

import (
	"cmp"
	"context"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/settlement"
	books "github.com/fasthold/fasthold/settlement/journal"
)

func showFormat(f settlement.JournalFormat) JournalFormat {
	a := f.AccountStrings
	return JournalFormat{
		Encoding: f.Encoding, Separator: f.Separator, Decimal: f.Decimal, Dates: f.Dates, Headings: f.Headings, Foot: f.Foot, Summed: f.Summed, Events: f.Events,
		Columns: each(f.Columns, func(c books.Column) JournalColumn {
			return JournalColumn{Heading: c.Heading, Source: c.Source, Text: c.Text}
		}),
		AccountStrings: AccountStrings{Budget: a["budget"], Reserved: a["reserved"], Outstanding: a["outstanding"], Payable: a["payable"], Settled: a["settled"], Lapsed: a["lapsed"]}, WithoutBudget: f.WithoutBudget,
	}
}

// GetJournalFormat answers getJournalFormat.
func (h *handlers) GetJournalFormat(ctx context.Context, _ GetJournalFormatRequestObject) (GetJournalFormatResponseObject, error) {
	f, err := h.settlement.JournalFormat(ctx, auth.Actor(ctx))
	if err != nil {
		return nil, err
	}
	return GetJournalFormat200JSONResponse{showFormat(f), GetJournalFormat200ResponseHeaders{etag(int64(f.Number))}}, nil
}

// UpdateJournalFormat answers updateJournalFormat.
func (h *handlers) UpdateJournalFormat(ctx context.Context, r UpdateJournalFormatRequestObject) (UpdateJournalFormatResponseObject, error) {
	b, a := r.Body, r.Body.AccountStrings
	f, err := h.settlement.UpdateJournalFormat(ctx, auth.Actor(ctx), version(r.Params.IfMatch), books.Layout{
		Encoding: b.Encoding, Separator: b.Separator, Decimal: b.Decimal, Dates: b.Dates, Headings: b.Headings, Foot: b.Foot, Summed: b.Summed, Events: b.Events,
		Columns: each(b.Columns, func(c JournalColumn) books.Column {
			return books.Column{Heading: c.Heading, Source: c.Source, Text: c.Text}
		}),
		AccountStrings: map[string]string{"budget": a.Budget, "reserved": a.Reserved, "outstanding": a.Outstanding, "payable": a.Payable, "settled": a.Settled, "lapsed": a.Lapsed}, WithoutBudget: b.WithoutBudget,
	})
	if err != nil {
		return nil, err
	}
	return UpdateJournalFormat200JSONResponse{showFormat(f), UpdateJournalFormat200ResponseHeaders{etag(int64(f.Number))}}, nil
}

// ExportJournal answers exportJournal.
func (h *handlers) ExportJournal(ctx context.Context, r ExportJournalRequestObject) (ExportJournalResponseObject, error) {
	f, err := h.settlement.ExportJournal(ctx, auth.Actor(ctx), settlement.JournalPeriod{From: r.Params.From, To: r.Params.To, Currency: cmp.Or(r.Params.Currency, "DKK")})
	if err != nil {
		return nil, err
	}
	charset := "utf-8"
	if f.Encoding == "iso-8859-1" {
		charset = f.Encoding
	}
	return attachment{kind: "text/csv; charset=" + charset, name: "journal-" + f.From.String() + "-" + f.To.String() + ".csv", body: f.Write}, nil
}
