-- +goose Up
-- A partner takes vouchers under a contract: its dates, what it may take in a
-- month and of one voucher, and how it is paid. What a partner with a cap per
-- month has taken in one is counted in a row of its own, which the redemption's
-- transaction adds to where there is room: no redemption adds up those before
-- it, and a partner without a cap has no such row for its tills to wait for.
-- Tills stand in branches, each in one of its own partner's. Partners that were
-- here before have a contract from the day they were made, one branch in their
-- own name, and are paid by invoice until finance has entered an account. SQLite
-- adds a foreign key only by making the table anew.

ALTER TABLE partners ADD COLUMN contract_from TEXT;
ALTER TABLE partners ADD COLUMN contract_to TEXT CHECK (contract_to IS NULL OR contract_from IS NOT NULL AND contract_to >= contract_from);
ALTER TABLE partners ADD COLUMN most_per_month INTEGER NOT NULL DEFAULT 0 CHECK (most_per_month >= 0);
ALTER TABLE partners ADD COLUMN most_per_voucher INTEGER NOT NULL DEFAULT 0 CHECK (most_per_voucher >= 0);
ALTER TABLE partners ADD COLUMN method TEXT NOT NULL DEFAULT 'invoice' CHECK (method IN ('bank', 'invoice'));
ALTER TABLE partners ADD COLUMN iban TEXT NOT NULL DEFAULT '' CHECK ((method = 'bank') = (iban <> ''));
UPDATE partners SET contract_from = substr(created_at, 1, 10);

CREATE TABLE branches (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  name TEXT NOT NULL CHECK (name <> ''),
  p_number TEXT NOT NULL CHECK (p_number = '' OR length(p_number) = 10),
  address TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, partner_id, id),
  UNIQUE (municipality_id, partner_id, name),
  FOREIGN KEY (municipality_id, partner_id) REFERENCES partners
);
CREATE UNIQUE INDEX branches_p_number ON branches (municipality_id, p_number) WHERE p_number <> '';
INSERT INTO branches (municipality_id, id, partner_id, name, p_number, address, version, created_at)
SELECT municipality_id, id, id, name, '', '', 1, created_at FROM partners;

CREATE TABLE partner_months (
  municipality_id TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  month TEXT NOT NULL CHECK (month LIKE '____-__-01'),
  spent INTEGER NOT NULL CHECK (spent >= 0),
  PRIMARY KEY (municipality_id, partner_id, month),
  FOREIGN KEY (municipality_id, partner_id) REFERENCES partners
);

PRAGMA defer_foreign_keys = ON;
CREATE TABLE terminals_before AS SELECT * FROM terminals;
DROP TABLE terminals;
CREATE TABLE terminals (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  branch_id TEXT NOT NULL,
  label TEXT NOT NULL CHECK (label <> ''),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'active', 'revoked')),
  enrolled_at DATETIME,
  most_per_voucher INTEGER NOT NULL DEFAULT 0 CHECK (most_per_voucher >= 0),
  most_per_hour INTEGER NOT NULL DEFAULT 0 CHECK (most_per_hour >= 0),
  most_per_day INTEGER NOT NULL DEFAULT 0 CHECK (most_per_day >= 0),
  counted_hour DATETIME,
  hour_spent INTEGER NOT NULL DEFAULT 0 CHECK (hour_spent >= 0),
  counted_day TEXT,
  day_spent INTEGER NOT NULL DEFAULT 0 CHECK (day_spent >= 0),
  version INTEGER NOT NULL DEFAULT 1,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, partner_id, label),
  FOREIGN KEY (municipality_id, partner_id) REFERENCES partners,
  FOREIGN KEY (municipality_id, partner_id, branch_id) REFERENCES branches (municipality_id, partner_id, id)
);
INSERT INTO terminals (municipality_id, id, partner_id, branch_id, label, state, enrolled_at, most_per_voucher, most_per_hour, most_per_day, counted_hour, hour_spent, counted_day, day_spent, version, created_at)
SELECT municipality_id, id, partner_id, partner_id, label, state, enrolled_at, most_per_voucher, most_per_hour, most_per_day, counted_hour, hour_spent, counted_day, day_spent, version, created_at FROM terminals_before;
DROP TABLE terminals_before;

-- +goose Down
PRAGMA defer_foreign_keys = ON;
CREATE TABLE terminals_before AS SELECT * FROM terminals;
DROP TABLE terminals;
CREATE TABLE terminals (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  label TEXT NOT NULL CHECK (label <> ''),
  created_at DATETIME NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'active', 'revoked')),
  enrolled_at DATETIME,
  most_per_voucher INTEGER NOT NULL DEFAULT 0 CHECK (most_per_voucher >= 0),
  most_per_hour INTEGER NOT NULL DEFAULT 0 CHECK (most_per_hour >= 0),
  most_per_day INTEGER NOT NULL DEFAULT 0 CHECK (most_per_day >= 0),
  counted_hour DATETIME,
  hour_spent INTEGER NOT NULL DEFAULT 0 CHECK (hour_spent >= 0),
  counted_day TEXT,
  day_spent INTEGER NOT NULL DEFAULT 0 CHECK (day_spent >= 0),
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, partner_id, label),
  FOREIGN KEY (municipality_id, partner_id) REFERENCES partners
);
INSERT INTO terminals (municipality_id, id, partner_id, label, created_at, state, enrolled_at, most_per_voucher, most_per_hour, most_per_day, counted_hour, hour_spent, counted_day, day_spent, version)
SELECT municipality_id, id, partner_id, label, created_at, state, enrolled_at, most_per_voucher, most_per_hour, most_per_day, counted_hour, hour_spent, counted_day, day_spent, version FROM terminals_before;
DROP TABLE terminals_before;
DROP TABLE partner_months;
DROP TABLE branches;
ALTER TABLE partners DROP COLUMN iban;
ALTER TABLE partners DROP COLUMN method;
ALTER TABLE partners DROP COLUMN most_per_voucher;
ALTER TABLE partners DROP COLUMN most_per_month;
ALTER TABLE partners DROP COLUMN contract_to;
ALTER TABLE partners DROP COLUMN contract_from;
