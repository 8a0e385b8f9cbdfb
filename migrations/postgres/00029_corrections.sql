-- +goose Up
-- What a settlement that was reversed or bounced was worth is carried on. When its
-- partner has the money after all, because the bank paid what was reversed or what was
-- said to have come back did not, that is a correction: it takes the total off again
-- in the partner's next settlement, and one that the money came back adds it again. So
-- they alternate, and each is carried on once. A settlement that bounced says when, by
-- whom and why. What may be matched with an entry of the bank is found by its amount.
-- A settlement and each correction of it is booked once.

ALTER TABLE settlements
  ADD COLUMN bounced_at TIMESTAMPTZ,
  ADD COLUMN bounced_by TEXT NOT NULL DEFAULT '',
  ADD COLUMN bounced_because TEXT NOT NULL DEFAULT '',
  ADD CONSTRAINT settlements_bounced_check CHECK ((bounced_at IS NULL) = (bounced_by = '') AND (bounced_by = '') = (bounced_because = '') AND (bounced_by = '' OR state = 'bounced'));
CREATE INDEX settlements_undone ON settlements (municipality_id, total) WHERE state IN ('bounced', 'reversed');

DROP INDEX ledger_postings_paid_once;
CREATE UNIQUE INDEX ledger_postings_paid_once ON ledger_postings (municipality_id, settlement_id, reference_id, event, account, programme_id, unit_id, COALESCE(budget_id, '00000000-0000-0000-0000-000000000000'::uuid))
  WHERE settlement_id IS NOT NULL;

CREATE TABLE settlement_corrections (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  settlement_id UUID NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  partner_id UUID NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  amount BIGINT NOT NULL CHECK (amount <> 0 AND (amount < 0) = (number % 2 = 1)),
  cause TEXT NOT NULL CHECK (CASE cause WHEN 'paid_after_all' THEN amount < 0 WHEN 'not_returned' THEN amount < 0 WHEN 'came_back' THEN amount > 0 ELSE FALSE END),
  happened_on DATE NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  made_by TEXT NOT NULL CHECK (made_by <> ''),
  carried_into_id UUID,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, settlement_id, number),
  FOREIGN KEY (municipality_id, settlement_id) REFERENCES settlements,
  FOREIGN KEY (municipality_id, partner_id) REFERENCES partners,
  FOREIGN KEY (municipality_id, carried_into_id) REFERENCES settlements,
  CHECK (carried_into_id <> settlement_id)
);
CREATE INDEX settlement_corrections_carried ON settlement_corrections (municipality_id, carried_into_id) WHERE carried_into_id IS NOT NULL;
CREATE INDEX settlement_corrections_open ON settlement_corrections (municipality_id, partner_id) WHERE carried_into_id IS NULL;
SELECT isolate('settlement_corrections');
CREATE TRIGGER settlement_corrections_kept BEFORE UPDATE ON settlement_corrections FOR EACH ROW
WHEN ((NEW.municipality_id, NEW.id, NEW.settlement_id, NEW.number, NEW.partner_id, NEW.currency, NEW.amount, NEW.cause, NEW.happened_on, NEW.reason, NEW.made_by, NEW.created_at)
  IS DISTINCT FROM (OLD.municipality_id, OLD.id, OLD.settlement_id, OLD.number, OLD.partner_id, OLD.currency, OLD.amount, OLD.cause, OLD.happened_on, OLD.reason, OLD.made_by, OLD.created_at))
EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER settlement_corrections_stay BEFORE DELETE OR TRUNCATE ON settlement_corrections FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
-- Not unique: what a correction booked stays in the books.
DROP INDEX ledger_postings_paid_once;
CREATE INDEX ledger_postings_paid_once ON ledger_postings (municipality_id, settlement_id, event, account, programme_id, unit_id, COALESCE(budget_id, '00000000-0000-0000-0000-000000000000'::uuid))
  WHERE settlement_id IS NOT NULL;
DROP TABLE settlement_corrections;
DROP INDEX settlements_undone;
ALTER TABLE settlements DROP COLUMN bounced_because, DROP COLUMN bounced_by, DROP COLUMN bounced_at;
