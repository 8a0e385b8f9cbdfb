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
  municipality_id UUID NOT NULL REFERENCES municipalities,
  id UUID NOT NULL,
  hash BYTEA NOT NULL CHECK (length(hash) = 32),
  part INTEGER NOT NULL CHECK (part > 0),
  format TEXT NOT NULL CHECK (format IN ('camt.053.001.02', 'camt.053.001.08', 'csv')),
  reference TEXT NOT NULL CHECK ((format = 'csv') = (reference = '')),
  iban TEXT NOT NULL CHECK (format = 'csv' OR iban <> ''),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  period_from DATE NOT NULL,
  period_to DATE NOT NULL,
  opening BIGINT NOT NULL,
  closing BIGINT NOT NULL,
  entries BIGINT NOT NULL CHECK (entries >= 0),
  uploaded_by TEXT NOT NULL CHECK (uploaded_by <> ''),
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, hash, part),
  CHECK (period_to >= period_from)
);
CREATE UNIQUE INDEX bank_statements_numbered ON bank_statements (municipality_id, iban, reference, period_to) WHERE reference <> '';
CREATE TRIGGER bank_statements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bank_statements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT isolate('bank_statements');

CREATE TABLE bank_entries (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  statement_id UUID NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  line INTEGER NOT NULL CHECK (line > 0),
  amount BIGINT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  booked_on DATE NOT NULL,
  end_to_end_id TEXT NOT NULL,
  returned BOOLEAN NOT NULL,
  return_reason TEXT NOT NULL,
  party TEXT NOT NULL,
  party_iban TEXT NOT NULL,
  text TEXT NOT NULL,
  reference TEXT NOT NULL,
  state TEXT NOT NULL,
  settlement_id UUID,
  paid BOOLEAN NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at TIMESTAMPTZ,
  comment TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
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
CREATE TRIGGER bank_entries_kept BEFORE UPDATE ON bank_entries FOR EACH ROW
WHEN ((NEW.municipality_id, NEW.id, NEW.statement_id, NEW.number, NEW.line, NEW.amount, NEW.currency, NEW.booked_on, NEW.end_to_end_id, NEW.returned, NEW.return_reason, NEW.party, NEW.party_iban, NEW.text, NEW.reference, NEW.created_at)
  IS DISTINCT FROM (OLD.municipality_id, OLD.id, OLD.statement_id, OLD.number, OLD.line, OLD.amount, OLD.currency, OLD.booked_on, OLD.end_to_end_id, OLD.returned, OLD.return_reason, OLD.party, OLD.party_iban, OLD.text, OLD.reference, OLD.created_at))
EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER bank_entries_stay BEFORE DELETE OR TRUNCATE ON bank_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT isolate('bank_entries');

CREATE TABLE invoices (
  municipality_id UUID NOT NULL REFERENCES municipalities,
  id UUID NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
  cvr TEXT NOT NULL CHECK (length(cvr) = 8),
  number TEXT NOT NULL CHECK (number <> ''),
  issued_on DATE NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  amount BIGINT NOT NULL CHECK (amount >= 0),
  gln TEXT NOT NULL,
  period_from DATE,
  period_to DATE,
  iban TEXT NOT NULL,
  order_references TEXT NOT NULL,
  corrects TEXT NOT NULL,
  hash BYTEA NOT NULL CHECK (length(hash) = 32),
  partner_id UUID,
  settlement_id UUID,
  invoice_id UUID,
  state TEXT NOT NULL CHECK (state IN ('matched', 'differs', 'accepted', 'rejected')),
  differences TEXT NOT NULL,
  received_by TEXT NOT NULL CHECK (received_by <> ''),
  decided_by TEXT NOT NULL,
  decided_at TIMESTAMPTZ,
  comment TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
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
CREATE TRIGGER invoices_kept BEFORE UPDATE ON invoices FOR EACH ROW
WHEN ((NEW.municipality_id, NEW.id, NEW.kind, NEW.cvr, NEW.number, NEW.issued_on, NEW.currency, NEW.amount, NEW.gln, NEW.period_from, NEW.period_to, NEW.iban, NEW.order_references, NEW.corrects, NEW.hash, NEW.received_by, NEW.created_at)
  IS DISTINCT FROM (OLD.municipality_id, OLD.id, OLD.kind, OLD.cvr, OLD.number, OLD.issued_on, OLD.currency, OLD.amount, OLD.gln, OLD.period_from, OLD.period_to, OLD.iban, OLD.order_references, OLD.corrects, OLD.hash, OLD.received_by, OLD.created_at)
  OR OLD.state IN ('accepted', 'rejected'))
EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER invoices_stay BEFORE DELETE OR TRUNCATE ON invoices FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT isolate('invoices');

CREATE INDEX settlements_unconfirmed ON settlements (municipality_id, id) WHERE reconciled_at IS NULL AND state IN ('due', 'paid', 'bounced');
CREATE INDEX settlements_returnable ON settlements (municipality_id, total) WHERE state = 'paid';

-- +goose Down
DROP INDEX settlements_returnable;
DROP INDEX settlements_unconfirmed;
DROP TABLE invoices;
DROP TABLE bank_entries;
DROP TABLE bank_statements;
