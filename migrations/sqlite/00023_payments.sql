-- +goose Up
-- How partners are paid and how the municipality's ledger hears of it. Which account
-- the money leaves, and how the journal is written, are append-only, so that it can
-- be told what held when. A payment file is kept as it was made: it can be had again
-- for ever, whatever changes after it, and a run has one.

CREATE TABLE payment_settings (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  number INTEGER NOT NULL CHECK (number > 0),
  name TEXT NOT NULL CHECK (name <> ''),
  iban TEXT NOT NULL CHECK (iban <> ''),
  bic TEXT NOT NULL CHECK (bic <> ''),
  cvr TEXT NOT NULL CHECK (length(cvr) = 8),
  gln TEXT NOT NULL,
  agreement TEXT NOT NULL,
  changed_by TEXT NOT NULL CHECK (changed_by <> ''),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, number)
);
-- +goose StatementBegin
CREATE TRIGGER payment_settings_no_update BEFORE UPDATE ON payment_settings BEGIN SELECT RAISE(ABORT, 'payment_settings is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payment_settings_no_delete BEFORE DELETE ON payment_settings BEGIN SELECT RAISE(ABORT, 'payment_settings is append-only: a correction is a new row'); END;
-- +goose StatementEnd

CREATE TABLE payment_files (
  municipality_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  message_id TEXT NOT NULL CHECK (message_id <> ''),
  payments INTEGER NOT NULL CHECK (payments > 0),
  amount INTEGER NOT NULL CHECK (amount > 0),
  document TEXT NOT NULL CHECK (document <> ''),
  made_by TEXT NOT NULL CHECK (made_by <> ''),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, run_id),
  UNIQUE (municipality_id, message_id),
  FOREIGN KEY (municipality_id, run_id) REFERENCES settlement_runs
);
-- +goose StatementBegin
CREATE TRIGGER payment_files_no_update BEFORE UPDATE ON payment_files BEGIN SELECT RAISE(ABORT, 'payment_files is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payment_files_no_delete BEFORE DELETE ON payment_files BEGIN SELECT RAISE(ABORT, 'payment_files is append-only: a correction is a new row'); END;
-- +goose StatementEnd

CREATE TABLE journal_formats (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  number INTEGER NOT NULL CHECK (number > 0),
  document TEXT NOT NULL,
  changed_by TEXT NOT NULL CHECK (changed_by <> ''),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, number)
);
-- +goose StatementBegin
CREATE TRIGGER journal_formats_no_update BEFORE UPDATE ON journal_formats BEGIN SELECT RAISE(ABORT, 'journal_formats is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_formats_no_delete BEFORE DELETE ON journal_formats BEGIN SELECT RAISE(ABORT, 'journal_formats is append-only: a correction is a new row'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE journal_formats;
DROP TABLE payment_files;
DROP TABLE payment_settings;
