-- +goose Up
-- What the bank and the partners' invoices say. A file of the bank is known by its
-- hash, and where the bank numbers its statements by that too, so that the same is
-- not taken twice however it is sent. What the bank says of an entry never changes;
-- what it is matched with does, and a settlement has at most one entry that paid it
-- and one that brought the money back. An invoice is known by who sent it and its
-- number, and a settlement has at most one that counts; of the document itself only
-- the hash is kept. Settlements that wait for the bank are few among all that ever
-- were: they have an index of their own.

CREATE TABLE bank_statements (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  part INTEGER NOT NULL CHECK (part > 0),
  format TEXT NOT NULL CHECK (format IN ('camt.053.001.02', 'camt.053.001.08', 'csv')),
  reference TEXT NOT NULL CHECK ((format = 'csv') = (reference = '')),
  iban TEXT NOT NULL CHECK (format = 'csv' OR iban <> ''),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  period_from TEXT NOT NULL,
  period_to TEXT NOT NULL,
  opening INTEGER NOT NULL,
  closing INTEGER NOT NULL,
  entries INTEGER NOT NULL CHECK (entries >= 0),
  uploaded_by TEXT NOT NULL CHECK (uploaded_by <> ''),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, hash, part),
  CHECK (period_to >= period_from)
);
CREATE UNIQUE INDEX bank_statements_numbered ON bank_statements (municipality_id, iban, reference, period_to) WHERE reference <> '';
-- +goose StatementBegin
CREATE TRIGGER bank_statements_no_update BEFORE UPDATE ON bank_statements
BEGIN SELECT RAISE(ABORT, 'bank_statements is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bank_statements_no_delete BEFORE DELETE ON bank_statements
BEGIN SELECT RAISE(ABORT, 'bank_statements is append-only: a correction is a new row'); END;
-- +goose StatementEnd

CREATE TABLE bank_entries (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  statement_id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  line INTEGER NOT NULL CHECK (line > 0),
  amount INTEGER NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  booked_on TEXT NOT NULL,
  end_to_end_id TEXT NOT NULL,
  returned BOOLEAN NOT NULL,
  return_reason TEXT NOT NULL,
  party TEXT NOT NULL,
  party_iban TEXT NOT NULL,
  text TEXT NOT NULL,
  reference TEXT NOT NULL,
  state TEXT NOT NULL,
  settlement_id TEXT,
  paid BOOLEAN NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at DATETIME,
  comment TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, statement_id, number),
  FOREIGN KEY (municipality_id, statement_id) REFERENCES bank_statements,
  FOREIGN KEY (municipality_id, settlement_id) REFERENCES settlements DEFERRABLE INITIALLY DEFERRED,
  CHECK ((decided_by = '') = (decided_at IS NULL) AND (NOT paid OR amount < 0 AND state = 'matched')),
  CHECK (CASE state
    WHEN 'unmatched' THEN settlement_id IS NULL AND decided_by = '' AND comment = ''
    WHEN 'matched' THEN settlement_id IS NOT NULL AND decided_by <> '' AND comment = '' AND amount <> 0
    WHEN 'set_aside' THEN settlement_id IS NULL AND decided_by <> '' AND comment <> ''
    ELSE FALSE END)
);
CREATE UNIQUE INDEX bank_entries_payment ON bank_entries (municipality_id, settlement_id) WHERE state = 'matched' AND amount < 0;
CREATE UNIQUE INDEX bank_entries_return ON bank_entries (municipality_id, settlement_id) WHERE state = 'matched' AND amount > 0;
CREATE INDEX bank_entries_unmatched ON bank_entries (municipality_id, id) WHERE state = 'unmatched';
CREATE INDEX bank_entries_alike ON bank_entries (municipality_id, booked_on, amount);
-- +goose StatementBegin
CREATE TRIGGER bank_entries_kept BEFORE UPDATE ON bank_entries WHEN NEW.municipality_id IS NOT OLD.municipality_id OR NEW.id IS NOT OLD.id OR NEW.statement_id IS NOT OLD.statement_id OR NEW.number IS NOT OLD.number OR NEW.line IS NOT OLD.line OR NEW.amount IS NOT OLD.amount OR NEW.currency IS NOT OLD.currency OR NEW.booked_on IS NOT OLD.booked_on OR NEW.end_to_end_id IS NOT OLD.end_to_end_id OR NEW.returned IS NOT OLD.returned OR NEW.return_reason IS NOT OLD.return_reason OR NEW.party IS NOT OLD.party OR NEW.party_iban IS NOT OLD.party_iban OR NEW.text IS NOT OLD.text OR NEW.reference IS NOT OLD.reference OR NEW.created_at IS NOT OLD.created_at
BEGIN SELECT RAISE(ABORT, 'bank_entries: what it says is settled, only what becomes of it is not'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER bank_entries_no_delete BEFORE DELETE ON bank_entries
BEGIN SELECT RAISE(ABORT, 'bank_entries is append-only: a correction is a new row'); END;
-- +goose StatementEnd

CREATE TABLE invoices (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
  cvr TEXT NOT NULL CHECK (length(cvr) = 8),
  number TEXT NOT NULL CHECK (number <> ''),
  issued_on TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  amount INTEGER NOT NULL CHECK (amount >= 0),
  gln TEXT NOT NULL,
  period_from TEXT,
  period_to TEXT,
  iban TEXT NOT NULL,
  order_references TEXT NOT NULL,
  corrects TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  partner_id TEXT,
  settlement_id TEXT,
  invoice_id TEXT,
  state TEXT NOT NULL CHECK (state IN ('matched', 'differs', 'accepted', 'rejected')),
  differences TEXT NOT NULL,
  received_by TEXT NOT NULL CHECK (received_by <> ''),
  decided_by TEXT NOT NULL,
  decided_at DATETIME,
  comment TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, cvr, number),
  FOREIGN KEY (municipality_id, partner_id) REFERENCES partners,
  FOREIGN KEY (municipality_id, settlement_id) REFERENCES settlements DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (municipality_id, invoice_id) REFERENCES invoices,
  CHECK ((period_from IS NULL) = (period_to IS NULL) AND (period_from IS NULL OR period_to >= period_from)),
  CHECK (kind = 'credit_note' OR invoice_id IS NULL),
  CHECK (kind = 'invoice' OR settlement_id IS NULL),
  CHECK (state = 'differs' OR state = 'rejected' OR kind = 'credit_note' OR settlement_id IS NOT NULL AND partner_id IS NOT NULL),
  CHECK ((state IN ('accepted', 'rejected')) = (decided_by <> '') AND (decided_by = '') = (decided_at IS NULL) AND (decided_by = '') = (comment = ''))
);
CREATE UNIQUE INDEX invoices_counting ON invoices (municipality_id, settlement_id) WHERE state IN ('matched', 'accepted');
CREATE INDEX invoices_of_settlement ON invoices (municipality_id, settlement_id) WHERE settlement_id IS NOT NULL;
CREATE INDEX invoices_credited ON invoices (municipality_id, invoice_id) WHERE invoice_id IS NOT NULL;
-- +goose StatementBegin
CREATE TRIGGER invoices_kept BEFORE UPDATE ON invoices WHEN NEW.municipality_id IS NOT OLD.municipality_id OR NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind OR NEW.cvr IS NOT OLD.cvr OR NEW.number IS NOT OLD.number OR NEW.issued_on IS NOT OLD.issued_on OR NEW.currency IS NOT OLD.currency OR NEW.amount IS NOT OLD.amount OR NEW.gln IS NOT OLD.gln OR NEW.period_from IS NOT OLD.period_from OR NEW.period_to IS NOT OLD.period_to OR NEW.iban IS NOT OLD.iban OR NEW.order_references IS NOT OLD.order_references OR NEW.corrects IS NOT OLD.corrects OR NEW.hash IS NOT OLD.hash OR NEW.received_by IS NOT OLD.received_by OR NEW.created_at IS NOT OLD.created_at OR OLD.state IN ('accepted', 'rejected')
BEGIN SELECT RAISE(ABORT, 'invoices: what it says is settled, only what becomes of it is not'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER invoices_no_delete BEFORE DELETE ON invoices
BEGIN SELECT RAISE(ABORT, 'invoices is append-only: a correction is a new row'); END;
-- +goose StatementEnd

CREATE INDEX settlements_unconfirmed ON settlements (municipality_id, id) WHERE reconciled_at IS NULL AND state IN ('due', 'paid', 'bounced');
CREATE INDEX settlements_returnable ON settlements (municipality_id, total) WHERE state = 'paid';

-- +goose Down
DROP INDEX settlements_returnable;
DROP INDEX settlements_unconfirmed;
DROP TABLE invoices;
DROP TABLE bank_entries;
DROP TABLE bank_statements;
