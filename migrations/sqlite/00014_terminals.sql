-- +goose Up
-- A till's device is let in with a code that works once, so that nobody has to
-- type a key, and a key that is lost is replaced by another code; and what a
-- till may take has limits, so that a stolen one is worth little. What it has
-- taken in the clock hour and on the day at the site is counted in its own row:
-- the redemption's transaction adds to it where there is room, so that any
-- number of them at once stay within the limits. A limit of 0 is the
-- municipality's. Only a hash of a code is kept, until it is used.

ALTER TABLE municipalities ADD COLUMN most_per_voucher INTEGER NOT NULL DEFAULT 100000 CHECK (most_per_voucher > 0);
ALTER TABLE municipalities ADD COLUMN most_per_hour INTEGER NOT NULL DEFAULT 300000 CHECK (most_per_hour > 0);
ALTER TABLE municipalities ADD COLUMN most_per_day INTEGER NOT NULL DEFAULT 1000000 CHECK (most_per_day > 0);

-- SQLite cannot change a CHECK: the state moves to a new column.
ALTER TABLE terminals ADD COLUMN next_state TEXT NOT NULL DEFAULT 'waiting' CHECK (next_state IN ('waiting', 'active', 'revoked'));
UPDATE terminals SET next_state = state;
ALTER TABLE terminals DROP COLUMN state;
ALTER TABLE terminals RENAME COLUMN next_state TO state;
ALTER TABLE terminals ADD COLUMN enrolled_at DATETIME;
UPDATE terminals SET enrolled_at = created_at;
ALTER TABLE terminals ADD COLUMN most_per_voucher INTEGER NOT NULL DEFAULT 0 CHECK (most_per_voucher >= 0);
ALTER TABLE terminals ADD COLUMN most_per_hour INTEGER NOT NULL DEFAULT 0 CHECK (most_per_hour >= 0);
ALTER TABLE terminals ADD COLUMN most_per_day INTEGER NOT NULL DEFAULT 0 CHECK (most_per_day >= 0);
ALTER TABLE terminals ADD COLUMN counted_hour DATETIME;
ALTER TABLE terminals ADD COLUMN hour_spent INTEGER NOT NULL DEFAULT 0 CHECK (hour_spent >= 0);
ALTER TABLE terminals ADD COLUMN counted_day TEXT;
ALTER TABLE terminals ADD COLUMN day_spent INTEGER NOT NULL DEFAULT 0 CHECK (day_spent >= 0);
ALTER TABLE terminals ADD COLUMN version INTEGER NOT NULL DEFAULT 1;

CREATE TABLE terminal_codes (
  municipality_id TEXT NOT NULL,
  terminal_id TEXT NOT NULL,
  hash BLOB CHECK (length(hash) = 32),
  created_by TEXT NOT NULL CHECK (created_by <> ''),
  created_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, terminal_id),
  FOREIGN KEY (municipality_id, terminal_id) REFERENCES terminals
);
CREATE INDEX terminal_codes_waiting ON terminal_codes (municipality_id, hash) WHERE hash IS NOT NULL;

-- +goose Down
DROP TABLE terminal_codes;
ALTER TABLE terminals ADD COLUMN next_state TEXT NOT NULL DEFAULT 'revoked' CHECK (next_state IN ('active', 'revoked'));
UPDATE terminals SET next_state = 'active' WHERE state = 'active';
ALTER TABLE terminals DROP COLUMN state;
ALTER TABLE terminals RENAME COLUMN next_state TO state;
ALTER TABLE terminals DROP COLUMN version;
ALTER TABLE terminals DROP COLUMN day_spent;
ALTER TABLE terminals DROP COLUMN counted_day;
ALTER TABLE terminals DROP COLUMN hour_spent;
ALTER TABLE terminals DROP COLUMN counted_hour;
ALTER TABLE terminals DROP COLUMN most_per_day;
ALTER TABLE terminals DROP COLUMN most_per_hour;
ALTER TABLE terminals DROP COLUMN most_per_voucher;
ALTER TABLE terminals DROP COLUMN enrolled_at;
ALTER TABLE municipalities DROP COLUMN most_per_day;
ALTER TABLE municipalities DROP COLUMN most_per_hour;
ALTER TABLE municipalities DROP COLUMN most_per_voucher;
