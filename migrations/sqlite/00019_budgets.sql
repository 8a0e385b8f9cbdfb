-- +goose Up
-- Budgets: what a programme may cost in a year, in one unit or in all that have no
-- line of their own. What an award will cost is reserved before it is issued, so an
-- award knows its budget and how much is reserved for it, and a voucher the budget
-- that it spends. What is free of a budget lies in slices, each row a part: on
-- PostgreSQL whoever takes money locks one slice, so that many may issue at once and
-- still never take more than there is (free >= 0). Appropriations are append-only.
-- That somebody was told of a threshold is a row, so that they are told once.

CREATE TABLE budgets (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  unit_id TEXT,
  year INTEGER NOT NULL CHECK (year BETWEEN 2000 AND 9999),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  account_string TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0),
  changes INTEGER NOT NULL CHECK (changes > 0),
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, programme_id) REFERENCES programmes,
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units
);
CREATE UNIQUE INDEX budgets_shared ON budgets (municipality_id, programme_id, year, currency) WHERE unit_id IS NULL;
CREATE UNIQUE INDEX budgets_of_unit ON budgets (municipality_id, programme_id, unit_id, year, currency) WHERE unit_id IS NOT NULL;
CREATE INDEX budgets_by_programme ON budgets (municipality_id, programme_id, year);

CREATE TABLE budget_changes (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  budget_id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  amount INTEGER NOT NULL CHECK (amount <> 0 OR number = 1),
  reason TEXT NOT NULL CHECK (reason <> ''),
  booked_on TEXT NOT NULL,
  changed_by TEXT NOT NULL CHECK (changed_by <> ''),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, budget_id, number),
  FOREIGN KEY (municipality_id, budget_id) REFERENCES budgets
);
-- +goose StatementBegin
CREATE TRIGGER budget_changes_no_update BEFORE UPDATE ON budget_changes BEGIN SELECT RAISE(ABORT, 'budget_changes is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER budget_changes_no_delete BEFORE DELETE ON budget_changes BEGIN SELECT RAISE(ABORT, 'budget_changes is append-only: a correction is a new row'); END;
-- +goose StatementEnd

CREATE TABLE budget_slices (
  municipality_id TEXT NOT NULL,
  budget_id TEXT NOT NULL,
  id TEXT NOT NULL,
  free INTEGER NOT NULL CHECK (free >= 0),
  PRIMARY KEY (municipality_id, budget_id, id),
  FOREIGN KEY (municipality_id, budget_id) REFERENCES budgets
);

CREATE TABLE budget_alerts (
  municipality_id TEXT NOT NULL,
  budget_id TEXT NOT NULL,
  changes INTEGER NOT NULL CHECK (changes > 0),
  percent INTEGER NOT NULL CHECK (percent IN (80, 100)),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, budget_id, changes, percent),
  FOREIGN KEY (municipality_id, budget_id) REFERENCES budgets
);
-- +goose StatementBegin
CREATE TRIGGER budget_alerts_no_update BEFORE UPDATE ON budget_alerts BEGIN SELECT RAISE(ABORT, 'budget_alerts is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER budget_alerts_no_delete BEFORE DELETE ON budget_alerts BEGIN SELECT RAISE(ABORT, 'budget_alerts is append-only: a correction is a new row'); END;
-- +goose StatementEnd

ALTER TABLE awards ADD COLUMN budget_id TEXT;
ALTER TABLE awards ADD COLUMN reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0 AND (reserved = 0 OR state = 'proposed'));
CREATE INDEX awards_unfunded ON awards (municipality_id, programme_id, unit_id, id) WHERE state = 'proposed' AND reserved < amount - granted;
ALTER TABLE vouchers ADD COLUMN budget_id TEXT;
CREATE INDEX ledger_postings_by_budget ON ledger_postings (municipality_id, budget_id, booked_on, account, amount);
ALTER TABLE municipalities ADD COLUMN finance_email TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE municipalities DROP COLUMN finance_email;
DROP INDEX ledger_postings_by_budget;
ALTER TABLE vouchers DROP COLUMN budget_id;
DROP INDEX awards_unfunded;
ALTER TABLE awards DROP COLUMN reserved;
ALTER TABLE awards DROP COLUMN budget_id;
DROP TABLE budget_alerts;
DROP TABLE budget_slices;
DROP TABLE budget_changes;
DROP TABLE budgets;
