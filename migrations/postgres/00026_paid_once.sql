-- +goose Up
-- A settlement is paid once and comes back once, whatever the code believes: its
-- entry has one posting for each account, programme, unit and budget. What is about
-- a voucher is there once already.
CREATE UNIQUE INDEX ledger_postings_paid_once ON ledger_postings (municipality_id, settlement_id, event, account, programme_id, unit_id, COALESCE(budget_id, '00000000-0000-0000-0000-000000000000'::uuid))
  WHERE settlement_id IS NOT NULL;
DROP INDEX ledger_postings_by_settlement;

-- +goose Down
CREATE INDEX ledger_postings_by_settlement ON ledger_postings (municipality_id, settlement_id) WHERE settlement_id IS NOT NULL;
DROP INDEX ledger_postings_paid_once;
