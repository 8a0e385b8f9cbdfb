-- +goose Up
-- The books follow a krone the whole way: what awards that wait will cost is
-- reserved, and what partners were paid is settled. A posting is about one of an
-- award, a voucher and a settlement, and knows the budget that the money came
-- from. What partners are owed and paid says which partner.

ALTER TABLE ledger_postings
  ADD COLUMN award_id UUID,
  ADD COLUMN settlement_id UUID,
  ADD COLUMN budget_id UUID,
  ALTER COLUMN voucher_id DROP NOT NULL,
  DROP CONSTRAINT ledger_postings_event_check,
  DROP CONSTRAINT ledger_postings_account_check,
  DROP CONSTRAINT ledger_postings_check,
  ADD CONSTRAINT ledger_postings_event_check CHECK (event IN ('reserve', 'release', 'issue', 'redeem', 'reverse', 'expire', 'void', 'reissue', 'disallow', 'pay', 'bounce')),
  ADD CONSTRAINT ledger_postings_account_check CHECK (account IN ('budget', 'reserved', 'outstanding', 'payable', 'settled', 'lapsed')),
  ADD CONSTRAINT ledger_postings_partner CHECK ((account IN ('payable', 'settled')) = (partner_id IS NOT NULL)),
  ADD CONSTRAINT ledger_postings_award FOREIGN KEY (municipality_id, award_id) REFERENCES awards,
  ADD CONSTRAINT ledger_postings_about CHECK (
    (award_id IS NOT NULL) = (event IN ('reserve', 'release')) AND (settlement_id IS NOT NULL) = (event IN ('pay', 'bounce'))
    AND (voucher_id IS NOT NULL) = (award_id IS NULL AND settlement_id IS NULL));
CREATE INDEX ledger_postings_by_award ON ledger_postings (municipality_id, award_id) WHERE award_id IS NOT NULL;
CREATE INDEX ledger_postings_by_settlement ON ledger_postings (municipality_id, settlement_id) WHERE settlement_id IS NOT NULL;

-- +goose Down
-- What the schema of before cannot say goes, entry by entry, so that the books
-- still balance.
ALTER TABLE ledger_postings DISABLE TRIGGER ledger_postings_append_only;
ALTER TABLE ledger_postings NO FORCE ROW LEVEL SECURITY;
DELETE FROM ledger_postings WHERE event IN ('reserve', 'release', 'disallow', 'pay', 'bounce');
UPDATE ledger_postings SET account = 'budget' WHERE account = 'reserved';
ALTER TABLE ledger_postings FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger_postings ENABLE TRIGGER ledger_postings_append_only;
ALTER TABLE ledger_postings
  DROP COLUMN award_id, DROP COLUMN settlement_id, DROP COLUMN budget_id,
  ALTER COLUMN voucher_id SET NOT NULL,
  DROP CONSTRAINT ledger_postings_event_check,
  DROP CONSTRAINT ledger_postings_account_check,
  DROP CONSTRAINT ledger_postings_partner,
  ADD CONSTRAINT ledger_postings_event_check CHECK (event IN ('issue', 'redeem', 'reverse', 'expire', 'void', 'reissue')),
  ADD CONSTRAINT ledger_postings_account_check CHECK (account IN ('budget', 'outstanding', 'payable', 'lapsed')),
  ADD CONSTRAINT ledger_postings_check CHECK ((account = 'payable') = (partner_id IS NOT NULL));
