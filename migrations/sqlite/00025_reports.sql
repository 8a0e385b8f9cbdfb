-- +goose Up
-- What finance takes out of the service, and the closing of periods. An export is
-- made by a job and kept in pieces for a day, so that any server can hand it out;
-- run_id is the one run that may add to it, until run_until. A closing says how
-- the books stood at the end of its last day; no posting is booked on that day or
-- an earlier one from then on. There is one writer at a time, so nothing
-- slips into a period while it is closed.

CREATE TABLE exports (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  what TEXT NOT NULL CHECK (what <> ''),
  format TEXT NOT NULL CHECK (format IN ('csv', 'xlsx')),
  filters TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'deleted')),
  rows_total INTEGER NOT NULL CHECK (rows_total >= 0),
  rows_done INTEGER NOT NULL CHECK (rows_done >= 0),
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  runs INTEGER NOT NULL CHECK (runs >= 0),
  run_id TEXT,
  run_until DATETIME,
  failure TEXT NOT NULL CHECK ((state = 'failed') = (failure <> '')),
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL CHECK (role <> ''),
  created_at DATETIME NOT NULL,
  finished_at DATETIME,
  PRIMARY KEY (municipality_id, id),
  CHECK ((state = 'running') = (run_id IS NOT NULL) AND (run_id IS NULL) = (run_until IS NULL)),
  CHECK ((state IN ('queued', 'running')) = (finished_at IS NULL))
);
CREATE INDEX exports_by_state ON exports (municipality_id, state, id) WHERE state IN ('queued', 'running', 'done');

CREATE TABLE export_chunks (
  municipality_id TEXT NOT NULL,
  export_id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  content BLOB NOT NULL,
  PRIMARY KEY (municipality_id, export_id, number),
  FOREIGN KEY (municipality_id, export_id) REFERENCES exports
);

CREATE TABLE closings (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  through TEXT NOT NULL,
  postings INTEGER NOT NULL CHECK (postings >= 0),
  closed_by TEXT NOT NULL CHECK (closed_by <> ''),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, number),
  UNIQUE (municipality_id, through)
);
-- +goose StatementBegin
CREATE TRIGGER closings_no_update BEFORE UPDATE ON closings BEGIN SELECT RAISE(ABORT, 'closings is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER closings_no_delete BEFORE DELETE ON closings BEGIN SELECT RAISE(ABORT, 'closings is append-only: a correction is a new row'); END;
-- +goose StatementEnd

CREATE TABLE closing_totals (
  municipality_id TEXT NOT NULL,
  closing_id TEXT NOT NULL,
  line INTEGER NOT NULL CHECK (line > 0),
  account TEXT NOT NULL CHECK (account <> ''),
  currency TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  budget_id TEXT,
  amount INTEGER NOT NULL,
  PRIMARY KEY (municipality_id, closing_id, line),
  FOREIGN KEY (municipality_id, closing_id) REFERENCES closings
);
-- +goose StatementBegin
CREATE TRIGGER closing_totals_no_update BEFORE UPDATE ON closing_totals BEGIN SELECT RAISE(ABORT, 'closing_totals is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER closing_totals_no_delete BEFORE DELETE ON closing_totals BEGIN SELECT RAISE(ABORT, 'closing_totals is append-only: a correction is a new row'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER ledger_postings_open BEFORE INSERT ON ledger_postings
WHEN EXISTS (SELECT 1 FROM closings c WHERE c.municipality_id = NEW.municipality_id AND c.through >= NEW.booked_on)
BEGIN SELECT RAISE(ABORT, 'the period is closed: book on the day after it or later'); END;
-- +goose StatementEnd

-- Reports add up one account over a span of days, or what is left voucher by
-- voucher, for which the index is enough.
DROP INDEX ledger_postings_by_voucher;
CREATE INDEX ledger_postings_by_voucher ON ledger_postings (municipality_id, voucher_id, account, booked_on, amount);
DROP INDEX ledger_postings_by_day;
CREATE INDEX ledger_postings_by_day ON ledger_postings (municipality_id, account, booked_on);

-- +goose Down
DROP INDEX ledger_postings_by_voucher;
CREATE INDEX ledger_postings_by_voucher ON ledger_postings (municipality_id, voucher_id);
DROP INDEX ledger_postings_by_day;
CREATE INDEX ledger_postings_by_day ON ledger_postings (municipality_id, booked_on, account);
DROP TRIGGER ledger_postings_open;
DROP TABLE closing_totals;
DROP TABLE closings;
DROP TABLE export_chunks;
DROP TABLE exports;
