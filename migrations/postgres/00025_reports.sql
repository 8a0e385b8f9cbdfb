-- +goose Up
-- What finance takes out of the service, and the closing of periods. An export is
-- made by a job and kept in pieces for a day, so that any server can hand it out;
-- run_id is the one run that may add to it, until run_until. A closing says how
-- the books stood at the end of its last day; no posting is booked on that day or
-- an earlier one from then on. Who books and who closes wait for each other, so
-- that nothing slips into a period while it is closed.

CREATE TABLE exports (
  municipality_id UUID NOT NULL REFERENCES municipalities,
  id UUID NOT NULL,
  what TEXT NOT NULL CHECK (what <> ''),
  format TEXT NOT NULL CHECK (format IN ('csv', 'xlsx')),
  filters TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'deleted')),
  rows_total BIGINT NOT NULL CHECK (rows_total >= 0),
  rows_done BIGINT NOT NULL CHECK (rows_done >= 0),
  bytes BIGINT NOT NULL CHECK (bytes >= 0),
  runs INTEGER NOT NULL CHECK (runs >= 0),
  run_id UUID,
  run_until TIMESTAMPTZ,
  failure TEXT NOT NULL CHECK ((state = 'failed') = (failure <> '')),
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL CHECK (role <> ''),
  created_at TIMESTAMPTZ NOT NULL,
  finished_at TIMESTAMPTZ,
  PRIMARY KEY (municipality_id, id),
  CHECK ((state = 'running') = (run_id IS NOT NULL) AND (run_id IS NULL) = (run_until IS NULL)),
  CHECK ((state IN ('queued', 'running')) = (finished_at IS NULL))
);
CREATE INDEX exports_by_state ON exports (municipality_id, state, id) WHERE state IN ('queued', 'running', 'done');
SELECT isolate('exports');

CREATE TABLE export_chunks (
  municipality_id UUID NOT NULL,
  export_id UUID NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  content BYTEA NOT NULL,
  PRIMARY KEY (municipality_id, export_id, number),
  FOREIGN KEY (municipality_id, export_id) REFERENCES exports
);
ALTER TABLE export_chunks ALTER COLUMN content SET STORAGE EXTERNAL; -- it is compressed already
SELECT isolate('export_chunks');

CREATE TABLE closings (
  municipality_id UUID NOT NULL REFERENCES municipalities,
  id UUID NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  through DATE NOT NULL,
  postings BIGINT NOT NULL CHECK (postings >= 0),
  closed_by TEXT NOT NULL CHECK (closed_by <> ''),
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, number),
  UNIQUE (municipality_id, through)
);
CREATE TRIGGER closings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON closings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT isolate('closings');

CREATE TABLE closing_totals (
  municipality_id UUID NOT NULL,
  closing_id UUID NOT NULL,
  line INTEGER NOT NULL CHECK (line > 0),
  account TEXT NOT NULL CHECK (account <> ''),
  currency TEXT NOT NULL,
  programme_id UUID NOT NULL,
  unit_id UUID NOT NULL,
  budget_id UUID,
  amount BIGINT NOT NULL,
  PRIMARY KEY (municipality_id, closing_id, line),
  FOREIGN KEY (municipality_id, closing_id) REFERENCES closings
);
CREATE TRIGGER closing_totals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON closing_totals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT isolate('closing_totals');

-- The lock is on nothing but a number made of the municipality: those who book
-- share it until they commit, and who closes has it alone.
-- +goose StatementBegin
CREATE FUNCTION check_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(municipality_id::text, 25)) FROM (SELECT municipality_id FROM booked LIMIT 1) AS of;
  IF EXISTS (SELECT 1 FROM booked JOIN closings USING (municipality_id) WHERE through >= booked_on) THEN
    RAISE EXCEPTION 'the period is closed: book on the day after it or later' USING ERRCODE = 'FC001';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER ledger_postings_open AFTER INSERT ON ledger_postings REFERENCING NEW TABLE AS booked FOR EACH STATEMENT EXECUTE FUNCTION check_open();

-- Reports add up one account over a span of days, or what is left voucher by
-- voucher, for which the index is enough.
DROP INDEX ledger_postings_by_voucher;
CREATE INDEX ledger_postings_by_voucher ON ledger_postings (municipality_id, voucher_id, account, booked_on) INCLUDE (amount);
DROP INDEX ledger_postings_by_day;
CREATE INDEX ledger_postings_by_day ON ledger_postings (municipality_id, account, booked_on);

-- +goose Down
DROP INDEX ledger_postings_by_voucher;
CREATE INDEX ledger_postings_by_voucher ON ledger_postings (municipality_id, voucher_id);
DROP INDEX ledger_postings_by_day;
CREATE INDEX ledger_postings_by_day ON ledger_postings (municipality_id, booked_on, account);
DROP TRIGGER ledger_postings_open ON ledger_postings;
DROP FUNCTION check_open;
DROP TABLE closing_totals;
DROP TABLE closings;
DROP TABLE export_chunks;
DROP TABLE exports;
