package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm/schema"

	"github.com/fasthold/fasthold/domain"
)

// Printed is a kind of thing of which the audit log keeps a fingerprint: whoever acts
// on one leaves, in the audit entry, the SHA-256 of how its rows stand then, and
// verify finds them so.
type Printed struct {
	Object string        // what audit entries call it
	only   domain.Action // the only action that leaves one; "": every
	parts  []part        // the first is the thing itself, the others belong to it

	untouched string // what holds of those of which no entry need say anything; "": of none
}

// part is rows of one table.
type part struct {
	row reflect.Type
	by  string   // the column that says whose they are
	but []string // the columns of which others keep account, or that do not matter
}

func rowsOf[T any](by string, but ...string) part {
	return part{reflect.TypeFor[T](), by, append(but, "municipality_id", "version")}
}

// Fingerprinted are all kinds of things of which the audit log keeps fingerprints. A
// column that is added later is part of them by itself: one that is empty changes none.
var Fingerprinted = []Printed{
	{Object: "payment_settings", parts: []part{rowsOf[domain.PaymentSettings]("municipality_id")}},
	{Object: "journal_format", parts: []part{rowsOf[domain.JournalFormat]("municipality_id")}},
	{Object: "approval_limits", parts: []part{rowsOf[domain.ApprovalLimits]("municipality_id")}},
	{Object: "partner", parts: []part{rowsOf[domain.Partner]("id")}},
	{Object: "branch", parts: []part{rowsOf[domain.Branch]("id")}, untouched: "id = partner_id"},
	{Object: "terminal", parts: []part{rowsOf[domain.Terminal]("id", "counted_hour", "hour_spent", "counted_day", "day_spent")}},
	{Object: "budget", parts: []part{rowsOf[domain.Budget]("id"), rowsOf[domain.BudgetChange]("budget_id")}},
	{Object: "enrolment", only: "demandApproval", parts: []part{rowsOf[domain.ApprovalDemand]("enrolment_id", "reason")}},
	{Object: "withholding", parts: []part{rowsOf[domain.Withholding]("id", "reason", "comment")}},
	{Object: "closing", parts: []part{rowsOf[domain.Closing]("id"), rowsOf[domain.ClosingTotal]("closing_id")}},
	{Object: "settlement_run", parts: []part{
		rowsOf[domain.SettlementRun]("id"),
		rowsOf[domain.Settlement]("run_id", "state", "carried_into_id", "paid_on", "reconciled_at", "bounced_at", "bounced_by", "bounced_because"),
		rowsOf[domain.PaymentFile]("run_id"),
	}},
	{Object: "settlement", parts: []part{rowsOf[domain.Settlement]("id", "state", "carried_into_id", "reconciled_at")}, untouched: "paid_on IS NULL"},
	{Object: "settlement_correction", parts: []part{rowsOf[domain.SettlementCorrection]("id", "carried_into_id")}},
	{Object: "settlement_hold", parts: []part{rowsOf[domain.SettlementHold]("id")}},
	{Object: "invoice", parts: []part{rowsOf[domain.Invoice]("id")}},
	{Object: "bank_statement", parts: []part{
		rowsOf[domain.BankStatement]("id"),
		rowsOf[domain.BankEntry]("statement_id", "state", "settlement_id", "paid", "decided_by", "decided_at", "comment"),
	}},
	{Object: "bank_entry", parts: []part{rowsOf[domain.BankEntry]("id")}, untouched: "state = 'unmatched'"},
}

// PrintedBy gives the kind of thing of which an audit entry has the fingerprint.
func PrintedBy(action domain.Action, object string) (p Printed, ok bool) {
	i := slices.IndexFunc(Fingerprinted, func(p Printed) bool { return p.Object == object && (p.only == "" || p.only == action) })
	if i < 0 {
		return p, false
	}
	return Fingerprinted[i], true
}

// ReadFingerprint gives the fingerprint in an audit entry's detail; "" where an older
// entry has none.
func ReadFingerprint(detail domain.Raw) (string, error) {
	var said struct {
		Fingerprint string `json:"fingerprint"`
	}
	if detail == nil {
		return "", nil
	}
	err := json.Unmarshal(detail, &said)
	return said.Fingerprint, err
}

// Fingerprints gives the fingerprint of each of these things as its rows stand now, of
// all without ids.
func (tx *Tx) Fingerprints(of Printed, ids ...domain.ID) (map[domain.ID]string, error) {
	sums := map[domain.ID]hash.Hash{}
	for i, p := range of.parts {
		if err := tx.print(p, i == 0, "", ids, sums); err != nil {
			return nil, err
		}
	}
	prints := make(map[domain.ID]string, len(sums))
	for id, sum := range sums {
		prints[id] = hex.EncodeToString(sum.Sum(nil))
	}
	return prints, nil
}

// Untouched gives those of a kind of which the audit log need not say anything yet.
func (tx *Tx) Untouched(of Printed) (map[domain.ID]bool, error) {
	untouched := map[domain.ID]bool{}
	if of.untouched == "" {
		return untouched, nil
	}
	sums := map[domain.ID]hash.Hash{}
	err := tx.print(of.parts[0], true, of.untouched, nil, sums)
	for id := range sums {
		untouched[id] = true
	}
	return untouched, err
}

// print adds the rows of a part to the sums of what they belong to. The first part
// says what there is.
func (tx *Tx) print(p part, first bool, where string, ids []domain.ID, sums map[domain.ID]hash.Hash) (err error) {
	shape, err := tx.store.shape(p.row)
	if err != nil {
		return err
	}
	query := tx.db().Table(shape.table).Where("municipality_id = ?", tx.actor.MunicipalityID)
	if len(ids) > 0 {
		query = query.Where(p.by+" IN ?", ids)
	}
	if where != "" {
		query = query.Where(where)
	}
	rows, err := query.Order(strings.Join(append([]string{p.by}, shape.keys...), ", ")).Rows()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Err(), rows.Close()) }()
	for rows.Next() {
		row := reflect.New(p.row)
		if err := tx.session.ScanRows(rows, row.Interface()); err != nil {
			return err
		}
		id := shape.idIn(row.Elem(), p.by)
		if sums[id] == nil && first {
			sums[id] = sha256.New()
		}
		if sum := sums[id]; sum != nil { // else what it belongs to is gone
			if err := shape.write(sum, row.Elem(), p.but); err != nil {
				return err
			}
		}
	}
	return nil
}

// idIn gives the ID in a column of a row.
func (sh *shape) idIn(row reflect.Value, column string) (id domain.ID) {
	for _, field := range sh.fields {
		if field.DBName == column {
			id, _ = field.ReflectValueOf(context.Background(), row).Interface().(domain.ID)
		}
	}
	return id
}

// write puts down what a row says, column by column in the order of their names, in
// the same words on either database.
func (sh *shape) write(to io.Writer, row reflect.Value, but []string) error {
	fields := slices.Clone(sh.fields)
	slices.SortFunc(fields, func(a, b *schema.Field) int { return cmp.Compare(a.DBName, b.DBName) })
	for _, field := range fields {
		value, zero := field.ValueOf(context.Background(), row)
		if zero || slices.Contains(but, field.DBName) {
			continue
		}
		plain, err := driver.DefaultParameterConverter.ConvertValue(value)
		if err != nil {
			return err
		}
		if at, ok := plain.(time.Time); ok {
			plain = at.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano)
		}
		if text, ok := plain.([]byte); ok {
			plain = string(text)
		}
		_, _ = fmt.Fprintf(to, "%s.%s=%q\n", sh.table, field.DBName, fmt.Sprint(plain)) // a hash takes all
	}
	return nil
}

// fingerprint completes the audit entries that wait for how things stand when all is
// done, and sends them along.
func (tx *Tx) fingerprint() error {
	if len(tx.printing) == 0 {
		return nil
	}
	if err := tx.Flush(); err != nil { // the rows are read back
		return err
	}
	for _, kind := range Fingerprinted {
		entries := slices.DeleteFunc(slices.Clone(tx.printing), func(e *domain.AuditEntry) bool { return e.Object != kind.Object })
		for some := range slices.Chunk(entries, 500) {
			ids := make([]domain.ID, len(some))
			for i, entry := range some {
				ids[i] = entry.ObjectID
			}
			prints, err := tx.Fingerprints(kind, ids...)
			if err != nil {
				return err
			}
			for _, entry := range some {
				entry.Detail = withFingerprint(entry.Detail, prints[entry.ObjectID])
			}
		}
	}
	for _, entry := range tx.printing {
		if err := tx.Append(entry); err != nil {
			return err
		}
	}
	return nil
}

// withFingerprint adds a fingerprint to a detail, which is an object or nothing.
func withFingerprint(detail domain.Raw, print string) domain.Raw {
	said := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(string(detail), "}"), "{"), "null")
	if said != "" {
		said += ","
	}
	return domain.Raw("{" + said + `"fingerprint":"` + print + `"}`)
}
