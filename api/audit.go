package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// prefixes says how the API shows the ids of the things in the audit log.
var prefixes = map[string]string{
	"municipality": "mun", "unit": "unt", "citizen": "cit", "plan": "pln", "goal": "gol", "session": "ses", "programme": "prg", "programme_version": "ver",
	"enrolment": "enr", "move": "mov", "attendance": "att", "award": "awd", "withholding": "wth", "deputy": "dep", "budget": "bdg", "voucher": "vch", "partner": "prt", "branch": "brn", "terminal": "trm", "redemption": "rdm", "token": "tok", "sign_in": "sgn", "assignment": "asg", "import": "imp", "emergency_access": "emg", "notice": "ntc", "identity": "idn",
	"bank_statement": "bst", "bank_entry": "ben", "invoice": "inv", "settlement_run": "srn", "settlement": "stl", "settlement_hold": "hld",
	"closing": "cls", "export": "exp", "account": "acc", "recovery": "rcv", "hat": "hat", "pause": "pau",
}

// otherNames are fields of a detail that are not named after what their id is of.
var otherNames = map[string]string{"first": "session", "from_programme_version": "programme_version", "continues_enrolment": "enrolment", "replaced_token": "token"}

func showAuditEntry(a domain.AuditEntry) AuditEntry {
	shown := AuditEntry{
		ID: AuditEntryID(a.ID), Person: person(a.Person), Role: a.Role, TokenID: TokenID(a.TokenID), Action: a.Action, Object: a.Object,
		Detail: showDetail(a.Detail), RequestID: a.RequestID, CreatedAt: a.CreatedAt,
	}
	if a.ObjectID != (domain.ID{}) {
		shown.ObjectID = show(prefixes[a.Object], a.ObjectID)
	}
	return shown
}

// showDetail shows the ids in an audit entry's detail as the API knows them: a
// field is named after what its id is of.
func showDetail(detail domain.Raw) json.RawMessage {
	var m map[string]any
	d := json.NewDecoder(bytes.NewReader(detail))
	d.UseNumber()
	if d.Decode(&m) != nil {
		return json.RawMessage(detail)
	}
	for name, v := range m {
		text, _ := v.(string)
		prefix := prefixes[cmp.Or(otherNames[name], name)]
		if i, err := uuid.Parse(text); err == nil && prefix != "" {
			m[name] = show(prefix, i)
		}
	}
	shown, err := json.Marshal(m)
	if err != nil {
		return json.RawMessage(detail)
	}
	return shown
}

// GetAuditEntry answers getAuditEntry.
func (h *handlers) GetAuditEntry(ctx context.Context, r GetAuditEntryRequestObject) (GetAuditEntryResponseObject, error) {
	a, err := h.service.AuditEntry(ctx, auth.Actor(ctx), domain.ID(r.AuditEntryID))
	if err != nil {
		return nil, err
	}
	return GetAuditEntry200JSONResponse(showAuditEntry(a)), nil
}

// ListAuditEntries answers listAuditEntries.
func (h *handlers) ListAuditEntries(ctx context.Context, r ListAuditEntriesRequestObject) (ListAuditEntriesResponseObject, error) {
	p, err := page(r.Params.Limit, r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	object, err := anyID(r.Params.ObjectID)
	if err != nil {
		return nil, err
	}
	l, err := h.service.AuditEntries(ctx, auth.Actor(ctx), p, vouchers.AuditFilter{
		Object: r.Params.Object, ObjectID: object, Person: personNamed(r.Params.Person), Action: r.Params.Action, Period: vouchers.Period{From: r.Params.From, Until: r.Params.Until},
	})
	if err != nil {
		return nil, err
	}
	data, more, next := listed(l, func(a domain.AuditEntry) domain.ID { return a.ID }, showAuditEntry)
	return ListAuditEntries200JSONResponse{Data: data, HasMore: more, NextCursor: next}, nil
}

// anyID reads an id of any kind; none is the zero ID.
func anyID(text string) (domain.ID, error) {
	if text == "" {
		return domain.ID{}, nil
	}
	i, ok := parse(text[:min(3, len(text))], text)
	if !ok {
		return i, malformed(domain.FieldError{Field: "object_id", Code: "invalid", Message: "must be an id, such as vch_ and 32 hexadecimal digits, not all 0"})
	}
	return i, nil
}
