-- +goose Up
-- Partners and their terminals, vouchers, redemptions and the ledger. A voucher
-- is spent by one conditional update, so that two tills cannot both win; its
-- CHECK constraints say which balance each state may have. Redemptions,
-- reversals and postings are append-only. These are financial facts: they name
-- no person and have no foreign key to one, so that treatment facts can be
-- erased before them.

CREATE TABLE partners (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  name TEXT NOT NULL CHECK (name <> ''),
  cvr TEXT NOT NULL CHECK (length(cvr) = 8),
  categories TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, cvr, name)
);

CREATE TABLE terminals (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  label TEXT NOT NULL CHECK (label <> ''),
  state TEXT NOT NULL CHECK (state IN ('active', 'revoked')),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, partner_id, label),
  FOREIGN KEY (municipality_id, partner_id) REFERENCES partners
);

CREATE TABLE vouchers (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  serial TEXT NOT NULL,
  award_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  balance INTEGER NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  state TEXT NOT NULL,
  valid_from DATETIME NOT NULL,
  valid_to DATETIME NOT NULL,
  partial BOOLEAN NOT NULL,
  categories TEXT NOT NULL,
  excluded TEXT NOT NULL,
  key_id INTEGER NOT NULL,
  lookup_hash BLOB NOT NULL,
  replaces_id TEXT,
  replaced_by_id TEXT,
  reason TEXT NOT NULL,
  issued_by TEXT NOT NULL CHECK (issued_by <> ''),
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, serial),
  UNIQUE (municipality_id, lookup_hash),
  CHECK (valid_to > valid_from),
  CHECK (CASE state
    WHEN 'issued' THEN balance = amount
    WHEN 'partly_redeemed' THEN balance > 0 AND balance < amount
    WHEN 'blocked' THEN balance >= 0 AND balance <= amount
    WHEN 'redeemed' THEN balance = 0
    WHEN 'expired' THEN balance = 0
    WHEN 'void' THEN balance = 0
    WHEN 'replaced' THEN balance = 0 AND replaced_by_id IS NOT NULL
    ELSE FALSE END)
);
CREATE INDEX vouchers_by_award ON vouchers (municipality_id, award_id);
CREATE UNIQUE INDEX vouchers_replaces ON vouchers (municipality_id, replaces_id) WHERE replaces_id IS NOT NULL;
CREATE INDEX vouchers_lapsing ON vouchers (municipality_id, valid_to) WHERE state IN ('issued', 'partly_redeemed', 'blocked');

CREATE TABLE redemptions (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  voucher_id TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  terminal_id TEXT NOT NULL,
  client_redemption_id TEXT NOT NULL CHECK (client_redemption_id <> ''),
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  balance_after INTEGER NOT NULL CHECK (balance_after >= 0),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, terminal_id, client_redemption_id),
  FOREIGN KEY (municipality_id, voucher_id) REFERENCES vouchers,
  FOREIGN KEY (municipality_id, terminal_id) REFERENCES terminals
);
CREATE INDEX redemptions_by_voucher ON redemptions (municipality_id, voucher_id);
CREATE INDEX redemptions_by_partner ON redemptions (municipality_id, partner_id, id);

CREATE TABLE reversals (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  redemption_id TEXT NOT NULL,
  voucher_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  reason TEXT NOT NULL CHECK (reason <> ''),
  reversed_by TEXT NOT NULL CHECK (reversed_by <> ''),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, redemption_id),
  FOREIGN KEY (municipality_id, redemption_id) REFERENCES redemptions,
  FOREIGN KEY (municipality_id, voucher_id) REFERENCES vouchers
);

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
CREATE INDEX ledger_postings_by_voucher ON ledger_postings (municipality_id, voucher_id);
CREATE INDEX ledger_postings_by_day ON ledger_postings (municipality_id, booked_on, account);
-- +goose StatementBegin
CREATE TRIGGER redemptions_no_update BEFORE UPDATE ON redemptions BEGIN SELECT RAISE(ABORT, 'redemptions is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER redemptions_no_delete BEFORE DELETE ON redemptions BEGIN SELECT RAISE(ABORT, 'redemptions is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER reversals_no_update BEFORE UPDATE ON reversals BEGIN SELECT RAISE(ABORT, 'reversals is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER reversals_no_delete BEFORE DELETE ON reversals BEGIN SELECT RAISE(ABORT, 'reversals is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_postings_no_update BEFORE UPDATE ON ledger_postings BEGIN SELECT RAISE(ABORT, 'ledger_postings is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_postings_no_delete BEFORE DELETE ON ledger_postings BEGIN SELECT RAISE(ABORT, 'ledger_postings is append-only: a correction is a new row'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE ledger_postings;
DROP TABLE reversals;
DROP TABLE redemptions;
DROP TABLE vouchers;
DROP TABLE terminals;
DROP TABLE partners;
