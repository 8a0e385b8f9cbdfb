-- +goose Up
-- The books follow a krone the whole way: what awards that wait will cost is
-- reserved, and what partners were paid is settled. A posting is about one of an
-- award, a voucher and a settlement, and knows the budget that the money came
-- from. What partners are owed and paid says which partner. SQLite changes a
-- CHECK only by making the table anew.

ALTER TABLE ledger_postings RENAME TO ledger_postings_before;
DROP INDEX ledger_postings_by_voucher;
DROP INDEX ledger_postings_by_day;
CREATE TABLE ledger_postings (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  event TEXT NOT NULL CHECK (event IN ('reserve', 'release', 'issue', 'redeem', 'reverse', 'expire', 'void', 'reissue', 'disallow', 'pay', 'bounce')),
  reference_id TEXT NOT NULL,
  account TEXT NOT NULL CHECK (account IN ('budget', 'reserved', 'outstanding', 'payable', 'settled', 'lapsed')),
  amount INTEGER NOT NULL CHECK (amount <> 0),
  currency TEXT NOT NULL,
  award_id TEXT,
  voucher_id TEXT,
  settlement_id TEXT,
  budget_id TEXT,
  programme_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  partner_id TEXT,
  booked_on TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, event, reference_id, account, voucher_id),
  FOREIGN KEY (municipality_id, award_id) REFERENCES awards,
  FOREIGN KEY (municipality_id, voucher_id) REFERENCES vouchers,
  CHECK ((account IN ('payable', 'settled')) = (partner_id IS NOT NULL)),
  CHECK ((award_id IS NOT NULL) = (event IN ('reserve', 'release')) AND (settlement_id IS NOT NULL) = (event IN ('pay', 'bounce'))
    AND (voucher_id IS NOT NULL) = (award_id IS NULL AND settlement_id IS NULL))
);
INSERT INTO ledger_postings (municipality_id, id, entry_id, event, reference_id, account, amount, currency, voucher_id, programme_id, unit_id, partner_id, booked_on, created_at)
SELECT municipality_id, id, entry_id, event, reference_id, account, amount, currency, voucher_id, programme_id, unit_id, partner_id, booked_on, created_at FROM ledger_postings_before;
DROP TABLE ledger_postings_before;
CREATE INDEX ledger_postings_by_voucher ON ledger_postings (municipality_id, voucher_id);
CREATE INDEX ledger_postings_by_day ON ledger_postings (municipality_id, booked_on, account);
CREATE INDEX ledger_postings_by_award ON ledger_postings (municipality_id, award_id) WHERE award_id IS NOT NULL;
CREATE INDEX ledger_postings_by_settlement ON ledger_postings (municipality_id, settlement_id) WHERE settlement_id IS NOT NULL;
-- +goose StatementBegin
CREATE TRIGGER ledger_postings_no_update BEFORE UPDATE ON ledger_postings BEGIN SELECT RAISE(ABORT, 'ledger_postings is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_postings_no_delete BEFORE DELETE ON ledger_postings BEGIN SELECT RAISE(ABORT, 'ledger_postings is append-only: a correction is a new row'); END;
-- +goose StatementEnd

-- +goose Down
-- What the schema of before cannot say goes, entry by entry, so that the books
-- still balance.
ALTER TABLE ledger_postings RENAME TO ledger_postings_after;
DROP INDEX ledger_postings_by_voucher;
DROP INDEX ledger_postings_by_day;
CREATE TABLE ledger_postings (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  event TEXT NOT NULL CHECK (event IN ('issue', 'redeem', 'reverse', 'expire', 'void', 'reissue')),
  reference_id TEXT NOT NULL,
  account TEXT NOT NULL CHECK (account IN ('budget', 'outstanding', 'payable', 'lapsed')),
  amount INTEGER NOT NULL CHECK (amount <> 0),
  currency TEXT NOT NULL,
  voucher_id TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  partner_id TEXT,
  booked_on TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, event, reference_id, account, voucher_id),
  FOREIGN KEY (municipality_id, voucher_id) REFERENCES vouchers,
  CHECK ((account = 'payable') = (partner_id IS NOT NULL))
);
INSERT INTO ledger_postings (municipality_id, id, entry_id, event, reference_id, account, amount, currency, voucher_id, programme_id, unit_id, partner_id, booked_on, created_at)
SELECT municipality_id, id, entry_id, event, reference_id, CASE account WHEN 'reserved' THEN 'budget' ELSE account END, amount, currency, voucher_id, programme_id, unit_id, partner_id, booked_on, created_at
FROM ledger_postings_after WHERE event NOT IN ('reserve', 'release', 'disallow', 'pay', 'bounce');
DROP TABLE ledger_postings_after;
CREATE INDEX ledger_postings_by_voucher ON ledger_postings (municipality_id, voucher_id);
CREATE INDEX ledger_postings_by_day ON ledger_postings (municipality_id, booked_on, account);
-- +goose StatementBegin
CREATE TRIGGER ledger_postings_no_update BEFORE UPDATE ON ledger_postings BEGIN SELECT RAISE(ABORT, 'ledger_postings is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_postings_no_delete BEFORE DELETE ON ledger_postings BEGIN SELECT RAISE(ABORT, 'ledger_postings is append-only: a correction is a new row'); END;
-- +goose StatementEnd
