package api

import (
	"context"
	"crypto/sha256"
	"fmt"
	"mime/multipart"
	"regexp"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/settlement/camt"
)

func showBankStatement(s domain.BankStatement) BankStatement {
	return BankStatement{
		ID: BankStatementID(s.ID), Format: s.Format, Reference: s.Reference, IBAN: s.IBAN, Currency: s.Currency, PeriodFrom: s.PeriodFrom, PeriodTo: s.PeriodTo,
		Opening: s.Opening, Closing: s.Closing, Entries: s.Entries, UploadedBy: s.UploadedBy, CreatedAt: s.CreatedAt,
	}
}

func showBankEntry(e settlement.Entry) BankEntry {
	shown := BankEntry{
		ID: BankEntryID(e.ID), BankStatementID: BankStatementID(e.StatementID), Number: e.Number, Line: e.Line, Amount: e.Amount, Currency: e.Currency, BookedOn: e.BookedOn,
		EndToEndID: e.EndToEndID, Returned: e.Returned, ReturnReason: e.ReturnReason, Party: e.Party, PartyIBAN: e.PartyIBAN, Text: e.Text, Reference: e.Reference,
		State: e.State, DecidedBy: e.DecidedBy, Comment: e.Comment, CreatedAt: e.CreatedAt,
		Suggestions: each(e.Suggestions, func(s settlement.Suggestion) BankSuggestion {
			return BankSuggestion{SettlementID: SettlementID(s.SettlementID), Number: s.Number, PartnerID: PartnerID(s.PartnerID), Total: s.Total, State: string(s.State), CarriedInto: s.CarriedInto, Reasons: s.Reasons}
		}),
		Alike: each(e.Alike, func(id domain.ID) BankEntryID { return BankEntryID(id) }),
	}
	if e.SettlementID != nil {
		shown.SettlementID = SettlementID(*e.SettlementID)
	}
	if e.DecidedAt != nil {
		shown.DecidedAt = *e.DecidedAt
	}
	return shown
}

// decidedEntry shows an entry that was just decided on: it has no suggestions.
func decidedEntry(e domain.BankEntry) BankEntry { return showBankEntry(settlement.Entry{BankEntry: e}) }

// columnParts are the parts of a form that name the columns of a CSV file.
var columnParts = []string{"column_date", "column_amount", "column_balance", "column_text", "column_currency", "column_end_to_end_id", "column_party", "column_party_iban"}

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

// readBankFile reads the form of createBankStatement.
func readBankFile(ctx context.Context, body *multipart.Reader) (context.Context, settlement.BankFile, error) {
	form, err := readForm(body, append([]string{"file", "currency"}, columnParts...)...)
	if err != nil {
		return ctx, settlement.BankFile{}, err
	}
	asked, file, err := bankFile(form)
	return withAsked(ctx, asked), file, err
}

// bankFile gives the file that a form's parts are, and what tells it from others.
func bankFile(form map[string][]byte) (asked []byte, file settlement.BankFile, err error) {
	asked = fmt.Appendf(nil, "createBankStatement %x %q", sha256.Sum256(form["file"]), form["currency"])
	for _, part := range columnParts {
		const longest = 100
		if len(form[part]) > longest {
			return nil, file, malformed(domain.FieldError{Field: part, Code: "too_long", Message: fmt.Sprintf("must be at most %d bytes", longest)})
		}
		asked = fmt.Appendf(asked, " %q", form[part])
	}
	if code := form["currency"]; len(code) > 0 && !currencyCode.Match(code) {
		return nil, file, malformed(domain.FieldError{Field: "currency", Code: "invalid", Message: "must be an ISO 4217 code like DKK"})
	}
	if len(form["file"]) == 0 {
		return nil, file, malformed(domain.FieldError{Field: "file", Code: "required", Message: "send the bank's file"})
	}
	return asked, settlement.BankFile{
		Data: form["file"], Currency: string(form["currency"]), Columns: camt.Columns{
			Date: string(form["column_date"]), Amount: string(form["column_amount"]), Balance: string(form["column_balance"]), Text: string(form["column_text"]),
			Currency: string(form["column_currency"]), EndToEndID: string(form["column_end_to_end_id"]), Party: string(form["column_party"]), PartyIBAN: string(form["column_party_iban"]),
		},
	}, nil
}

// CreateBankStatement answers createBankStatement.
func (h *handlers) CreateBankStatement(ctx context.Context, r CreateBankStatementRequestObject) (CreateBankStatementResponseObject, error) {
	ctx, file, err := readBankFile(ctx, r.Body)
	if err != nil {
		return nil, err
	}
	a, err := h.settlement.TakeStatement(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), file)
	if err != nil {
		return nil, err
	}
	shown := BankStatementsTaken{Data: each(a.Value.Statements, showBankStatement), Matched: a.Value.Matched, Unmatched: a.Value.Unmatched}
	return CreateBankStatement201JSONResponse{shown, CreateBankStatement201ResponseHeaders{replayed(a.Replayed)}}, nil
}

// GetBankStatement answers getBankStatement.
func (h *handlers) GetBankStatement(ctx context.Context, r GetBankStatementRequestObject) (GetBankStatementResponseObject, error) {
	s, err := h.settlement.BankStatement(ctx, auth.Actor(ctx), domain.ID(r.BankStatementID))
	if err != nil {
		return nil, err
	}
	return GetBankStatement200JSONResponse(showBankStatement(s)), nil
}

// ListBankStatements answers listBankStatements.
func (h *handlers) ListBankStatements(ctx context.Context, r ListBankStatementsRequestObject) (ListBankStatementsResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.settlement.BankStatements(ctx, auth.Actor(ctx), p)
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(s domain.BankStatement) domain.ID { return s.ID }, showBankStatement)
	return ListBankStatements200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// ListBankEntries answers listBankEntries.
func (h *handlers) ListBankEntries(ctx context.Context, r ListBankEntriesRequestObject) (ListBankEntriesResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	l, err := h.settlement.Entries(ctx, auth.Actor(ctx), p, settlement.EntryFilter{
		State: r.Params.State, StatementID: domain.ID(r.Params.BankStatementID), SettlementID: domain.ID(r.Params.SettlementID),
	})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(e settlement.Entry) domain.ID { return e.ID }, showBankEntry)
	return ListBankEntries200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// GetBankEntry answers getBankEntry.
func (h *handlers) GetBankEntry(ctx context.Context, r GetBankEntryRequestObject) (GetBankEntryResponseObject, error) {
	e, err := h.settlement.Entry(ctx, auth.Actor(ctx), domain.ID(r.BankEntryID))
	if err != nil {
		return nil, err
	}
	return GetBankEntry200JSONResponse(showBankEntry(e)), nil
}

// MatchBankEntry answers matchBankEntry.
func (h *handlers) MatchBankEntry(ctx context.Context, r MatchBankEntryRequestObject) (MatchBankEntryResponseObject, error) {
	a, err := h.settlement.MatchEntry(ctx, auth.Actor(ctx), idempotency(ctx, r.Params.IdempotencyKey), domain.ID(r.BankEntryID), domain.ID(r.Body.SettlementID))
	if err != nil {
		return nil, err
	}
	return MatchBankEntry200JSONResponse{decidedEntry(a.Value), MatchBankEntry200ResponseHeaders{replayed(a.Replayed)}}, nil
}

// UnmatchBankEntry answers unmatchBankEntry.
func (h *handlers) UnmatchBankEntry(ctx context.Context, r UnmatchBankEntryRequestObject) (UnmatchBankEntryResponseObject, error) {
	e, err := h.settlement.Unmatch(ctx, auth.Actor(ctx), domain.ID(r.BankEntryID))
	if err != nil {
		return nil, err
	}
	return UnmatchBankEntry200JSONResponse(decidedEntry(e)), nil
}

// SetAsideBankEntry answers setAsideBankEntry.
func (h *handlers) SetAsideBankEntry(ctx context.Context, r SetAsideBankEntryRequestObject) (SetAsideBankEntryResponseObject, error) {
	e, err := h.settlement.SetAside(ctx, auth.Actor(ctx), domain.ID(r.BankEntryID), r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return SetAsideBankEntry200JSONResponse(decidedEntry(e)), nil
}
