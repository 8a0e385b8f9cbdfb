-- +goose Up
-- A till's device is let in with a code that works once, so that nobody has to
-- type a key, and a key that is lost is replaced by another code; and what a
-- till may take has limits, so that a stolen one is worth little. What it has
-- taken in the clock hour and on the day at the site is counted in its own row:
-- the redemption's transaction adds to it where there is room, so that any
-- number of them at once stay within the limits. A limit of 0 is the
-- municipality's. Only a hash of a code is kept, until it is used; the code says
-- nothing of its municipality, so the row that it opens is found by that hash,
-- which fasthold.terminal_code has to name: no other row is seen so.

ALTER TABLE municipalities
  ADD COLUMN most_per_voucher BIGINT NOT NULL DEFAULT 100000 CHECK (most_per_voucher > 0),
  ADD COLUMN most_per_hour BIGINT NOT NULL DEFAULT 300000 CHECK (most_per_hour > 0),
  ADD COLUMN most_per_day BIGINT NOT NULL DEFAULT 1000000 CHECK (most_per_day > 0);

ALTER TABLE terminals DROP CONSTRAINT terminals_state_check;
ALTER TABLE terminals
  ADD CONSTRAINT terminals_state_check CHECK (state IN ('waiting', 'active', 'revoked')),
  ADD COLUMN enrolled_at TIMESTAMPTZ,
  ADD COLUMN most_per_voucher BIGINT NOT NULL DEFAULT 0 CHECK (most_per_voucher >= 0),
  ADD COLUMN most_per_hour BIGINT NOT NULL DEFAULT 0 CHECK (most_per_hour >= 0),
  ADD COLUMN most_per_day BIGINT NOT NULL DEFAULT 0 CHECK (most_per_day >= 0),
  ADD COLUMN counted_hour TIMESTAMPTZ,
  ADD COLUMN hour_spent BIGINT NOT NULL DEFAULT 0 CHECK (hour_spent >= 0),
  ADD COLUMN counted_day DATE,
  ADD COLUMN day_spent BIGINT NOT NULL DEFAULT 0 CHECK (day_spent >= 0),
  ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

ALTER TABLE terminals NO FORCE ROW LEVEL SECURITY;
UPDATE terminals SET enrolled_at = created_at;
ALTER TABLE terminals FORCE ROW LEVEL SECURITY;
-- A till's counters change with every redemption: room beside the row lets the
-- new one stay on its page, where no index has to learn of it.
ALTER TABLE terminals SET (fillfactor = 50);

CREATE TABLE terminal_codes (
  municipality_id UUID NOT NULL,
  terminal_id UUID NOT NULL,
  hash BYTEA CHECK (length(hash) = 32),
  created_by TEXT NOT NULL CHECK (created_by <> ''),
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, terminal_id),
  FOREIGN KEY (municipality_id, terminal_id) REFERENCES terminals
);
CREATE INDEX terminal_codes_waiting ON terminal_codes (municipality_id, hash) WHERE hash IS NOT NULL;
SELECT isolate('terminal_codes');
CREATE POLICY by_code ON terminal_codes FOR SELECT USING (hash = decode(NULLIF(current_setting('fasthold.terminal_code', true), ''), 'hex'));

-- +goose Down
DROP TABLE terminal_codes;
ALTER TABLE terminals NO FORCE ROW LEVEL SECURITY;
UPDATE terminals SET state = 'revoked' WHERE state = 'waiting';
ALTER TABLE terminals FORCE ROW LEVEL SECURITY;
ALTER TABLE terminals RESET (fillfactor);
ALTER TABLE terminals DROP CONSTRAINT terminals_state_check;
ALTER TABLE terminals
  ADD CONSTRAINT terminals_state_check CHECK (state IN ('active', 'revoked')),
  DROP COLUMN version, DROP COLUMN day_spent, DROP COLUMN counted_day, DROP COLUMN hour_spent, DROP COLUMN counted_hour,
  DROP COLUMN most_per_day, DROP COLUMN most_per_hour, DROP COLUMN most_per_voucher, DROP COLUMN enrolled_at;
ALTER TABLE municipalities DROP COLUMN most_per_day, DROP COLUMN most_per_hour, DROP COLUMN most_per_voucher;
