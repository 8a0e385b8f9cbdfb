-- +goose Up
-- What a settlement that was reversed or bounced was worth is carried on. When its
-- partner has the money after all, because the bank paid what was reversed or what was
-- said to have come back did not, that is a correction: it takes the total off again
-- in the partner's next settlement, and one that the money came back adds it again. So
-- they alternate, and each is carried on once. A settlement that bounced says when, by
-- whom and why. What may be matched with an entry of the bank is found by its amount.
-- A settlement and each correction of it is booked once.

ALTER TABLE settlements ADD COLUMN bounced_at DATETIME;
ALTER TABLE settlements ADD COLUMN bounced_by TEXT NOT NULL DEFAULT '';
ALTER TABLE settlements ADD COLUMN bounced_because TEXT NOT NULL DEFAULT ''
  CHECK ((bounced_at IS NULL) = (bounced_by = '') AND (bounced_by = '') = (bounced_because = '') AND (bounced_by = '' OR state = 'bounced'));
CREATE INDEX settlements_undone ON settlements (municipality_id, total) WHERE state IN ('bounced', 'reversed');

DROP INDEX ledger_postings_paid_once;
CREATE UNIQUE INDEX ledger_postings_paid_once ON ledger_postings (municipality_id, settlement_id, reference_id, event, account, programme_id, unit_id, COALESCE(budget_id, ''))
  WHERE settlement_id IS NOT NULL;

CREATE TABLE settlement_corrections (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  settlement_id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  partner_id TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  amount INTEGER NOT NULL CHECK (amount <> 0 AND (amount < 0) = (number % 2 = 1)),
  cause TEXT NOT NULL CHECK (CASE cause WHEN 'paid_after_all' THEN amount < 0 WHEN 'not_returned' THEN amount < 0 WHEN 'came_back' THEN amount > 0 ELSE FALSE END),
  happened_on TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  made_by TEXT NOT NULL CHECK (made_by <> ''),
  carried_into_id TEXT,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, settlement_id, number),
  FOREIGN KEY (municipality_id, settlement_id) REFERENCES settlements,
  FOREIGN KEY (municipality_id, partner_id) REFERENCES partners,
  FOREIGN KEY (municipality_id, carried_into_id) REFERENCES settlements,
  CHECK (carried_into_id <> settlement_id)
);
CREATE INDEX settlement_corrections_carried ON settlement_corrections (municipality_id, carried_into_id) WHERE carried_into_id IS NOT NULL;
CREATE INDEX settlement_corrections_open ON settlement_corrections (municipality_id, partner_id) WHERE carried_into_id IS NULL;
-- +goose StatementBegin
CREATE TRIGGER settlement_corrections_kept BEFORE UPDATE ON settlement_corrections WHEN NEW.municipality_id IS NOT OLD.municipality_id OR NEW.id IS NOT OLD.id OR NEW.settlement_id IS NOT OLD.settlement_id OR NEW.number IS NOT OLD.number OR NEW.partner_id IS NOT OLD.partner_id OR NEW.currency IS NOT OLD.currency OR NEW.amount IS NOT OLD.amount OR NEW.cause IS NOT OLD.cause OR NEW.happened_on IS NOT OLD.happened_on OR NEW.reason IS NOT OLD.reason OR NEW.made_by IS NOT OLD.made_by OR NEW.created_at IS NOT OLD.created_at
BEGIN SELECT RAISE(ABORT, 'settlement_corrections: what it says is settled, only what becomes of it is not'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER settlement_corrections_no_delete BEFORE DELETE ON settlement_corrections
BEGIN SELECT RAISE(ABORT, 'settlement_corrections is append-only: a correction is a new row'); END;
-- +goose StatementEnd

-- +goose Down
-- Not unique: what a correction booked stays in the books.
DROP INDEX ledger_postings_paid_once;
CREATE INDEX ledger_postings_paid_once ON ledger_postings (municipality_id, settlement_id, event, account, programme_id, unit_id, COALESCE(budget_id, ''))
  WHERE settlement_id IS NOT NULL;
DROP TABLE settlement_corrections;
DROP INDEX settlements_undone;
ALTER TABLE settlements DROP COLUMN bounced_because;
ALTER TABLE settlements DROP COLUMN bounced_by;
ALTER TABLE settlements DROP COLUMN bounced_at;
