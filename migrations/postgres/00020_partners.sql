-- +goose Up
-- A partner takes vouchers under a contract: its dates, what it may take in a
-- month and of one voucher, and how it is paid. What a partner with a cap per
-- month has taken in one is counted in a row of its own, which the redemption's
-- transaction adds to where there is room: no redemption adds up those before
-- it, and a partner without a cap has no such row for its tills to wait for.
-- Tills stand in branches, each in one of its own partner's. Partners that were
-- here before have a contract from the day they were made, one branch in their
-- own name, and are paid by invoice until finance has entered an account.

ALTER TABLE partners
  ADD COLUMN contract_from DATE,
  ADD COLUMN contract_to DATE,
  ADD COLUMN most_per_month BIGINT NOT NULL DEFAULT 0 CHECK (most_per_month >= 0),
  ADD COLUMN most_per_voucher BIGINT NOT NULL DEFAULT 0 CHECK (most_per_voucher >= 0),
  ADD COLUMN method TEXT NOT NULL DEFAULT 'invoice' CHECK (method IN ('bank', 'invoice')),
  ADD COLUMN iban TEXT NOT NULL DEFAULT '',
  ADD CONSTRAINT partners_contract_check CHECK (contract_to IS NULL OR contract_from IS NOT NULL AND contract_to >= contract_from),
  ADD CONSTRAINT partners_payment_check CHECK ((method = 'bank') = (iban <> ''));

CREATE TABLE branches (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  partner_id UUID NOT NULL,
  name TEXT NOT NULL CHECK (name <> ''),
  p_number TEXT NOT NULL CHECK (p_number = '' OR length(p_number) = 10),
  address TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, partner_id, id),
  UNIQUE (municipality_id, partner_id, name),
  FOREIGN KEY (municipality_id, partner_id) REFERENCES partners
);
CREATE UNIQUE INDEX branches_p_number ON branches (municipality_id, p_number) WHERE p_number <> '';
SELECT isolate('branches');

CREATE TABLE partner_months (
  municipality_id UUID NOT NULL,
  partner_id UUID NOT NULL,
  month DATE NOT NULL CHECK (EXTRACT(DAY FROM month) = 1),
  spent BIGINT NOT NULL CHECK (spent >= 0),
  PRIMARY KEY (municipality_id, partner_id, month),
  FOREIGN KEY (municipality_id, partner_id) REFERENCES partners
) WITH (fillfactor = 50);
SELECT isolate('partner_months');

ALTER TABLE partners NO FORCE ROW LEVEL SECURITY;
ALTER TABLE branches NO FORCE ROW LEVEL SECURITY;
ALTER TABLE terminals NO FORCE ROW LEVEL SECURITY;
UPDATE partners SET contract_from = (created_at AT TIME ZONE 'UTC')::date;
INSERT INTO branches (municipality_id, id, partner_id, name, p_number, address, version, created_at)
SELECT municipality_id, id, id, name, '', '', 1, created_at FROM partners;
ALTER TABLE terminals ADD COLUMN branch_id UUID;
UPDATE terminals SET branch_id = partner_id;
ALTER TABLE terminals ALTER COLUMN branch_id SET NOT NULL, ADD FOREIGN KEY (municipality_id, partner_id, branch_id) REFERENCES branches (municipality_id, partner_id, id);
ALTER TABLE partners FORCE ROW LEVEL SECURITY;
ALTER TABLE branches FORCE ROW LEVEL SECURITY;
ALTER TABLE terminals FORCE ROW LEVEL SECURITY;

-- +goose Down
ALTER TABLE terminals DROP COLUMN branch_id;
DROP TABLE partner_months;
DROP TABLE branches;
ALTER TABLE partners
  DROP CONSTRAINT partners_payment_check, DROP CONSTRAINT partners_contract_check,
  DROP COLUMN iban, DROP COLUMN method, DROP COLUMN most_per_voucher, DROP COLUMN most_per_month, DROP COLUMN contract_to, DROP COLUMN contract_from;
