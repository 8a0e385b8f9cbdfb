package store

import (
	"context"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// Plain is a text from before texts were sealed.
type Plain struct {
	ID        domain.ID
	CitizenID domain.ID // whom it is about
	Text      domain.Private
}

// ownerOf says whom a row t of the table is about, by table.
var ownerOf = map[string]string{
	"citizens":           "t.id",
	"plans":              "t.citizen_id",
	"emergency_accesses": "t.citizen_id",
	"sessions":           "(SELECT p.citizen_id FROM plans p WHERE p.municipality_id = t.municipality_id AND p.id = t.plan_id)",
	"enrolments":         "(SELECT p.citizen_id FROM plans p WHERE p.municipality_id = t.municipality_id AND p.id = t.plan_id)",
	"goals":              "(SELECT p.citizen_id FROM plans p WHERE p.municipality_id = t.municipality_id AND p.id = t.plan_id)",
	"attendance_events":  "(SELECT p.citizen_id FROM plans p WHERE p.municipality_id = t.municipality_id AND p.id = t.plan_id)",
	"pauses":             "(SELECT p.citizen_id FROM plans p WHERE p.municipality_id = t.municipality_id AND p.id = t.plan_id)",
	"enrolment_moves":    "(SELECT p.citizen_id FROM plans p JOIN enrolments e ON e.municipality_id = p.municipality_id AND e.plan_id = p.id WHERE e.municipality_id = t.municipality_id AND e.id = t.enrolment_id)",
	"awards":             "(SELECT p.citizen_id FROM plans p JOIN enrolments e ON e.municipality_id = p.municipality_id AND e.plan_id = p.id WHERE e.municipality_id = t.municipality_id AND e.id = t.enrolment_id)",
	"approval_demands":   "(SELECT p.citizen_id FROM plans p JOIN enrolments e ON e.municipality_id = p.municipality_id AND e.plan_id = p.id WHERE e.municipality_id = t.municipality_id AND e.id = t.enrolment_id)",
	"withholdings": `(SELECT p.citizen_id FROM plans p JOIN enrolments e ON e.municipality_id = p.municipality_id AND e.plan_id = p.id
		JOIN awards a ON a.municipality_id = e.municipality_id AND a.enrolment_id = e.id WHERE a.municipality_id = t.municipality_id AND a.id = t.award_id)`,
	"vouchers": `(SELECT p.citizen_id FROM plans p JOIN enrolments e ON e.municipality_id = p.municipality_id AND e.plan_id = p.id
		JOIN awards a ON a.municipality_id = e.municipality_id AND a.enrolment_id = e.id WHERE a.municipality_id = t.municipality_id AND a.id = t.award_id)`,
}

// PersonalColumns are the columns of sealed texts, "citizens.name".
var PersonalColumns = []string{"citizens.name", "citizens.cpr", "citizens.phone", "citizens.kept_because", "goals.wording", "pauses.changed_because", "attendance_events.reason", "enrolment_moves.reason", "awards.reason", "awards.grounds", "vouchers.reason",
	"emergency_accesses.reason", "emergency_accesses.comment", "approval_demands.reason", "withholdings.reason", "withholdings.comment",
}

// PlainTexts gives up to limit texts of a column that are not sealed yet, of the
// rows after the one given. Nobody else changes those rows before this one is done.
func (tx *Tx) PlainTexts(column string, after domain.ID, limit int) (texts []Plain, err error) {
	table, name, _ := strings.Cut(column, ".")
	err = tx.db().Raw(`SELECT t.id, `+ownerOf[table]+` AS citizen_id, t.`+name+` AS text FROM `+table+` t
		WHERE t.municipality_id = ? AND t.id > ? AND t.`+name+` <> '' AND t.`+name+` NOT LIKE ? ORDER BY t.id LIMIT ?`,
		tx.actor.MunicipalityID, after, domain.SealedPrefix+"%", limit).Scan(&texts).Error
	return texts, err
}

// SealPlain puts the sealed texts in the place of the plain ones. A row that
// somebody has changed meanwhile stays as it is. Of append-only tables the lock
// is lifted for these statements, within the transaction.
func (tx *Tx) SealPlain(column string, texts []Plain) error {
	table, name, _ := strings.Cut(column, ".")
	return tx.unlocked(table, func() error {
		for _, t := range texts {
			done := tx.db().Exec(`UPDATE `+table+` SET `+name+` = ? WHERE municipality_id = ? AND id = ? AND `+name+` = ?`,
				t.Text, tx.actor.MunicipalityID, t.ID, t.Text.Reveal())
			if done.Error != nil {
				return done.Error
			}
		}
		return nil
	})
}

// RememberedReasons gives up to limit answers remembered under Idempotency-Keys
// in which there may be a reason in plain text, of those after the one given.
func (tx *Tx) RememberedReasons(after domain.Idempotency, limit int) (kept []domain.Idempotency, err error) {
	err = scoped[domain.Idempotency](tx, []Cond{{"(caller, key) > (?, ?)", []any{after.Caller, after.Key}}, {"result LIKE ?", []any{`%"Reason":"%`}}}).
		Order("caller, key").Limit(limit).Find(&kept).Error
	return kept, err
}

// appendOnly are the tables of sealed texts that refuse every UPDATE.
var appendOnly = []string{"attendance_events", "enrolment_moves", "approval_demands"}

// unlocked runs fn while an append-only table takes UPDATEs, in this transaction
// only. It needs the rights of who made the table.
func (tx *Tx) unlocked(table string, fn func() error) error {
	if !slices.Contains(appendOnly, table) {
		return fn()
	}
	lift, restore := []string{"ALTER TABLE " + table + " DISABLE TRIGGER USER"}, []string{"ALTER TABLE " + table + " ENABLE TRIGGER USER"}
	if tx.store.dialect == "sqlite" {
		var triggers []struct{ Name, SQL string }
		if err := tx.db().Raw(`SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? AND sql LIKE '%BEFORE UPDATE%'`, table).Scan(&triggers).Error; err != nil {
			return err
		}
		lift, restore = nil, nil
		for _, t := range triggers {
			lift, restore = append(lift, "DROP TRIGGER "+t.Name), append(restore, t.SQL)
		}
	}
	for _, statement := range lift {
		if err := tx.db().Exec(statement).Error; err != nil {
			return err
		}
	}
	if err := fn(); err != nil {
		return err
	}
	for _, statement := range restore {
		if err := tx.db().Exec(statement).Error; err != nil {
			return err
		}
	}
	return nil
}

// Scrub takes what was overwritten in these tables out of the database's files,
// where it would stay until something else needs the room. Nobody else can use
// the tables meanwhile. It needs the rights of who made them.
func (s *Store) Scrub(ctx context.Context, tables []string) error {
	if err := s.Owned(ctx); err != nil {
		return err // PostgreSQL would only warn, and skip them
	}
	statements := []string{"VACUUM"}
	if s.dialect == "postgres" {
		statements = nil
		for _, table := range tables {
			statements = append(statements, "VACUUM (FULL) "+table)
		}
	}
	release, err := s.lockWriter(ctx)
	if err != nil {
		return err
	}
	defer release()
	for _, statement := range statements {
		if _, err := s.sql.ExecContext(ctx, statement); err != nil {
			return translate(err)
		}
	}
	if s.dialect == "sqlite" {
		return s.emptyLog(ctx)
	}
	return nil
}

// emptyLog moves SQLite's write-ahead log, in which overwritten texts stay, into
// the database. SQLite does not fail when it cannot, but says so.
func (s *Store) emptyLog(ctx context.Context) error {
	var busy, pages, moved int
	if err := s.sql.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
		return translate(err)
	}
	if busy != 0 {
		return domain.Errorf(domain.Unavailable, "unavailable", "somebody is reading the database, so that its write-ahead log cannot be emptied: run it again")
	}
	return nil
}
