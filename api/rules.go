package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers"
)

// GetRulesSchema answers getRulesSchema, to anyone: an editor signs in nowhere.
func (h *handlers) GetRulesSchema(context.Context, GetRulesSchemaRequestObject) (GetRulesSchemaResponseObject, error) {
	return schemaFile(rules.Schema()), nil
}

// schemaFile is the schema as it was written, its fields in their order.
type schemaFile []byte

// VisitGetRulesSchemaResponse writes it.
func (f schemaFile) VisitGetRulesSchemaResponse(w http.ResponseWriter) error {
	w.Header().Set(echo.HeaderContentType, "application/schema+json")
	_, err := w.Write(f)
	return err
}

func showPreset(p vouchers.Preset) Preset {
	return Preset{Name: p.Name, Title: Sentence(p.Document.Title), DocumentYaml: p.YAML, Document: json.RawMessage(p.Document.JSON())}
}

// ListPresets answers listPresets.
func (h *handlers) ListPresets(ctx context.Context, _ ListPresetsRequestObject) (ListPresetsResponseObject, error) {
	presets, err := h.service.Presets(ctx, auth.Actor(ctx))
	if err != nil {
		return nil, err
	}
	return ListPresets200JSONResponse{Data: each(presets, showPreset)}, nil
}

// GetPreset answers getPreset.
func (h *handlers) GetPreset(ctx context.Context, r GetPresetRequestObject) (GetPresetResponseObject, error) {
	p, err := h.service.Preset(ctx, auth.Actor(ctx), r.Preset)
	if err != nil {
		return nil, err
	}
	return GetPreset200JSONResponse(showPreset(p)), nil
}

// CheckRules answers checkRules.
func (h *handlers) CheckRules(ctx context.Context, r CheckRulesRequestObject) (CheckRulesResponseObject, error) {
	c, err := h.service.CheckRules(ctx, auth.Actor(ctx), r.Body.document(), r.Params.StartDate)
	if err != nil {
		return nil, err
	}
	shown := RulesCheck{Valid: len(c.Problems) == 0, Problems: each(c.Problems, showRuleProblem)}
	if shown.Valid {
		shown.Document, shown.Sentences = json.RawMessage(c.Document.JSON()), each(c.Document.Sentences(), showRuleSentence)
		amounts := showAmounts(c.Document, c.Start, c.Amounts)
		shown.Amounts = &amounts
	}
	return CheckRules200JSONResponse(shown), nil
}

func showRuleProblem(p domain.FieldError) RuleProblem {
	return RuleProblem{Path: p.Field, Code: p.Code, Message: p.Message, Line: p.Line}
}

func showRuleSentence(s rules.Sentence) RuleSentence {
	return RuleSentence{Path: s.Path, Text: Sentence(s.Text)}
}

func showAmounts(doc rules.Document, start domain.Date, rows []rules.AmountRow) AmountTable {
	return AmountTable{StartDate: start, Currency: doc.Currency, Rows: each(rows, showAmountRow)}
}

func showAmountRow(r rules.AmountRow) AmountRow {
	return AmountRow{Number: r.Number, Phase: r.Phase, Visit: r.Visit, Date: r.Date, Amount: r.Amount, Bonus: r.Bonus, Draws: r.Draws, Tickets: r.Tickets, Tokens: r.Tokens, Cumulative: r.Cumulative}
}

// GetVersionSentences answers getVersionSentences.
func (h *handlers) GetVersionSentences(ctx context.Context, r GetVersionSentencesRequestObject) (GetVersionSentencesResponseObject, error) {
	sentences, err := h.service.VersionSentences(ctx, auth.Actor(ctx), domain.ID(r.VersionID))
	if err != nil {
		return nil, err
	}
	return GetVersionSentences200JSONResponse{Data: each(sentences, showRuleSentence)}, nil
}

// GetVersionAmounts answers getVersionAmounts.
func (h *handlers) GetVersionAmounts(ctx context.Context, r GetVersionAmountsRequestObject) (GetVersionAmountsResponseObject, error) {
	t, err := h.service.VersionAmounts(ctx, auth.Actor(ctx), domain.ID(r.VersionID), r.Params.StartDate)
	if err != nil {
		return nil, err
	}
	return GetVersionAmounts200JSONResponse(showAmounts(t.Document, t.Start, t.Rows)), nil
}

// GetVersionDiff answers getVersionDiff.
func (h *handlers) GetVersionDiff(ctx context.Context, r GetVersionDiffRequestObject) (GetVersionDiffResponseObject, error) {
	d, err := h.service.VersionDiff(ctx, auth.Actor(ctx), domain.ID(r.VersionID), domain.ID(r.Params.Against))
	if err != nil {
		return nil, err
	}
	return GetVersionDiff200JSONResponse{From: VersionID(d.From.ID), To: VersionID(d.To.ID), Changes: each(d.Changes, showChange)}, nil
}

func showChange(c rules.Change) RuleChange {
	shown := RuleChange{Path: c.Path, Change: "changed", Before: (*Sentence)(c.Before), After: (*Sentence)(c.After)}
	switch {
	case c.Before == nil:
		shown.Change = "added"
	case c.After == nil:
		shown.Change = "removed"
	}
	return shown
}
