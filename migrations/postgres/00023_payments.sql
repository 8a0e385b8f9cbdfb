-- +goose Up
-- How partners are paid and how the municipality's ledger hears of it. Which account
-- the money leaves, and how the journal is written, are append-only, so that it can
-- be told what held when. A payment file is kept as it was made: it can be had again
-- for ever, whatever changes after it, and a run has one.

CREATE TABLE payment_settings (
  municipality_id UUID NOT NULL REFERENCES municipalities,
  number INTEGER NOT NULL CHECK (number > 0),
  name TEXT NOT NULL CHECK (name <> ''),
  iban TEXT NOT NULL CHECK (iban <> ''),
  bic TEXT NOT NULL CHECK (bic <> ''),
  cvr TEXT NOT NULL CHECK (length(cvr) = 8),
  gln TEXT NOT NULL,
  agreement TEXT NOT NULL,
  changed_by TEXT NOT NULL CHECK (changed_by <> ''),
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, number)
);
CREATE TRIGGER payment_settings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_settings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT isolate('payment_settings');

CREATE TABLE payment_files (
  municipality_id UUID NOT NULL,
  run_id UUID NOT NULL,
  message_id TEXT NOT NULL CHECK (message_id <> ''),
  payments BIGINT NOT NULL CHECK (payments > 0),
  amount BIGINT NOT NULL CHECK (amount > 0),
  document TEXT NOT NULL CHECK (document <> ''),
  made_by TEXT NOT NULL CHECK (made_by <> ''),
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, run_id),
  UNIQUE (municipality_id, message_id),
  FOREIGN KEY (municipality_id, run_id) REFERENCES settlement_runs
);
CREATE TRIGGER payment_files_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_files FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT isolate('payment_files');

CREATE TABLE journal_formats (
  municipality_id UUID NOT NULL REFERENCES municipalities,
  number INTEGER NOT NULL CHECK (number > 0),
  document TEXT NOT NULL,
  changed_by TEXT NOT NULL CHECK (changed_by <> ''),
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, number)
);
CREATE TRIGGER journal_formats_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_formats FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT isolate('journal_formats');

-- +goose Down
DROP TABLE journal_formats;
DROP TABLE payment_files;
DROP TABLE payment_settings;
