-- +goose Up
-- Partners are paid in runs. A line is a redemption or a reversal and has its ID
-- for a primary key, so that none can be paid twice; lines go only with a draft.
-- What a settlement is worth and to whom never changes once it is made, only what
-- became of it. A run's approver is another than its maker, and who decides on a
-- hold another than who placed it. One draft at a time for a currency: two could
-- both carry what an earlier settlement left. Lines are checked for their
-- settlement at the end, since its sums are made of them. What a run takes is
-- found by its time.

CREATE INDEX redemptions_by_time ON redemptions (municipality_id, created_at);
CREATE INDEX reversals_by_time ON reversals (municipality_id, created_at);

CREATE TABLE settlement_runs (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  period_from TEXT NOT NULL,
  period_to TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  state TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'filed', 'paid', 'reconciled', 'reversed')),
  made_by TEXT NOT NULL CHECK (made_by <> ''),
  made_at DATETIME NOT NULL,
  approved_by TEXT NOT NULL,
  approved_at DATETIME,
  filed_by TEXT NOT NULL,
  filed_at DATETIME,
  message_id TEXT NOT NULL,
  execute_on TEXT,
  paid_by TEXT NOT NULL,
  paid_at DATETIME,
  paid_on TEXT,
  reconciled_at DATETIME,
  reversed_by TEXT NOT NULL,
  reversed_at DATETIME,
  reversed_because TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, number),
  CHECK (period_to >= period_from),
  CHECK (approved_by <> made_by),
  CHECK ((state = 'draft') = (approved_by = '') AND (approved_by = '') = (approved_at IS NULL)),
  CHECK ((filed_by = '') = (filed_at IS NULL) AND (filed_by = '') = (message_id = '') AND (filed_by = '') = (execute_on IS NULL) AND (state <> 'filed' OR filed_by <> '')),
  CHECK ((state IN ('paid', 'reconciled')) = (paid_by <> '') AND (paid_by = '') = (paid_at IS NULL) AND (paid_by = '') = (paid_on IS NULL)),
  CHECK ((state = 'reconciled') = (reconciled_at IS NOT NULL)),
  CHECK ((state = 'reversed') = (reversed_by <> '') AND (reversed_by = '') = (reversed_at IS NULL) AND (reversed_by = '') = (reversed_because = ''))
);
CREATE UNIQUE INDEX settlement_runs_draft ON settlement_runs (municipality_id, currency) WHERE state = 'draft';
CREATE UNIQUE INDEX settlement_runs_message ON settlement_runs (municipality_id, message_id) WHERE message_id <> '';

CREATE TABLE settlements (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  number TEXT NOT NULL CHECK (number <> ''),
  method TEXT NOT NULL CHECK (method IN ('bank', 'invoice')),
  iban TEXT NOT NULL CHECK (method = 'bank' OR iban = ''),
  account_changed BOOLEAN NOT NULL,
  currency TEXT NOT NULL,
  lines INTEGER NOT NULL CHECK (lines >= 0),
  amount INTEGER NOT NULL,
  carried_in INTEGER NOT NULL,
  total INTEGER NOT NULL CHECK (total = amount + carried_in),
  state TEXT NOT NULL,
  carried_into_id TEXT,
  paid_on TEXT,
  reconciled_at DATETIME,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, run_id, partner_id),
  UNIQUE (municipality_id, number),
  FOREIGN KEY (municipality_id, run_id) REFERENCES settlement_runs,
  FOREIGN KEY (municipality_id, partner_id) REFERENCES partners,
  FOREIGN KEY (municipality_id, carried_into_id) REFERENCES settlements,
  CHECK (carried_into_id <> id),
  CHECK (CASE state
    WHEN 'draft' THEN paid_on IS NULL AND reconciled_at IS NULL AND carried_into_id IS NULL
    WHEN 'due' THEN total > 0 AND paid_on IS NULL AND reconciled_at IS NULL AND carried_into_id IS NULL
    WHEN 'forward' THEN total <= 0 AND paid_on IS NULL AND reconciled_at IS NULL
    WHEN 'paid' THEN total > 0 AND paid_on IS NOT NULL AND carried_into_id IS NULL
    WHEN 'bounced' THEN total > 0 AND paid_on IS NOT NULL
    WHEN 'reversed' THEN total > 0 AND paid_on IS NULL AND reconciled_at IS NULL
    ELSE FALSE END)
);
CREATE INDEX settlements_by_partner ON settlements (municipality_id, partner_id, id);
CREATE INDEX settlements_carried ON settlements (municipality_id, carried_into_id) WHERE carried_into_id IS NOT NULL;
CREATE INDEX settlements_open ON settlements (municipality_id, partner_id) WHERE carried_into_id IS NULL AND state IN ('forward', 'bounced', 'reversed');

CREATE TABLE settlement_lines (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  settlement_id TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  redemption_id TEXT NOT NULL,
  voucher_id TEXT NOT NULL,
  serial TEXT NOT NULL,
  terminal_id TEXT NOT NULL,
  branch_id TEXT,
  happened_at DATETIME NOT NULL,
  amount INTEGER NOT NULL,
  programme_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  budget_id TEXT,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, settlement_id) REFERENCES settlements DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (municipality_id, redemption_id) REFERENCES redemptions,
  CHECK (CASE kind WHEN 'redemption' THEN id = redemption_id AND amount > 0 WHEN 'reversal' THEN id <> redemption_id AND amount < 0 ELSE FALSE END)
);
CREATE INDEX settlement_lines_by_settlement ON settlement_lines (municipality_id, settlement_id, id);
CREATE INDEX settlement_lines_by_voucher ON settlement_lines (municipality_id, voucher_id);

CREATE TABLE settlement_holds (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  redemption_id TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  cause TEXT NOT NULL CHECK (cause IN ('by_hand', 'terminal_revoked', 'voucher_blocked', 'voucher_reissued', 'no_contract')),
  reason TEXT NOT NULL CHECK (reason <> ''),
  held_by TEXT NOT NULL CHECK (held_by <> ''),
  held_at DATETIME NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('', 'released', 'rejected')),
  decided_by TEXT NOT NULL CHECK (decided_by <> held_by),
  decided_at DATETIME,
  comment TEXT NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, redemption_id) REFERENCES redemptions,
  CHECK ((decision = '') = (decided_by = '') AND (decision = '') = (decided_at IS NULL) AND (decision = '') = (comment = ''))
);
CREATE UNIQUE INDEX settlement_holds_once ON settlement_holds (municipality_id, redemption_id) WHERE decision <> 'released';
CREATE INDEX settlement_holds_by_redemption ON settlement_holds (municipality_id, redemption_id);

-- +goose StatementBegin
CREATE TRIGGER settlement_lines_drafted BEFORE INSERT ON settlement_lines WHEN NOT EXISTS (SELECT 1 FROM settlement_runs r WHERE r.municipality_id = NEW.municipality_id AND r.id = NEW.run_id AND r.state = 'draft')
BEGIN SELECT RAISE(ABORT, 'settlement_lines come and go only with a draft'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER settlement_lines_undone BEFORE DELETE ON settlement_lines WHEN NOT EXISTS (SELECT 1 FROM settlement_runs r WHERE r.municipality_id = OLD.municipality_id AND r.id = OLD.run_id AND r.state = 'draft')
BEGIN SELECT RAISE(ABORT, 'settlement_lines come and go only with a draft'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER settlements_drafted BEFORE INSERT ON settlements WHEN NOT EXISTS (SELECT 1 FROM settlement_runs r WHERE r.municipality_id = NEW.municipality_id AND r.id = NEW.run_id AND r.state = 'draft')
BEGIN SELECT RAISE(ABORT, 'settlements come and go only with a draft'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER settlements_undone BEFORE DELETE ON settlements WHEN NOT EXISTS (SELECT 1 FROM settlement_runs r WHERE r.municipality_id = OLD.municipality_id AND r.id = OLD.run_id AND r.state = 'draft')
BEGIN SELECT RAISE(ABORT, 'settlements come and go only with a draft'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER settlement_lines_no_update BEFORE UPDATE ON settlement_lines
BEGIN SELECT RAISE(ABORT, 'settlement_lines is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER settlements_kept BEFORE UPDATE ON settlements WHEN NEW.municipality_id IS NOT OLD.municipality_id OR NEW.id IS NOT OLD.id OR NEW.run_id IS NOT OLD.run_id OR NEW.partner_id IS NOT OLD.partner_id OR NEW.number IS NOT OLD.number OR NEW.method IS NOT OLD.method OR NEW.iban IS NOT OLD.iban OR NEW.account_changed IS NOT OLD.account_changed OR NEW.currency IS NOT OLD.currency OR NEW.lines IS NOT OLD.lines OR NEW.amount IS NOT OLD.amount OR NEW.carried_in IS NOT OLD.carried_in OR NEW.total IS NOT OLD.total
BEGIN SELECT RAISE(ABORT, 'settlements: what it says is settled, only what becomes of it is not'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER settlement_runs_kept BEFORE UPDATE ON settlement_runs WHEN NEW.number IS NOT OLD.number OR NEW.currency IS NOT OLD.currency OR OLD.state <> 'draft'
  AND (NEW.state = 'draft' OR NEW.period_from IS NOT OLD.period_from OR NEW.period_to IS NOT OLD.period_to OR NEW.made_by IS NOT OLD.made_by OR NEW.made_at IS NOT OLD.made_at OR NEW.approved_by IS NOT OLD.approved_by)
BEGIN SELECT RAISE(ABORT, 'settlement_runs: what it says is settled, only what becomes of it is not'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER settlement_runs_no_delete BEFORE DELETE ON settlement_runs
BEGIN SELECT RAISE(ABORT, 'settlement_runs is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER settlement_holds_kept BEFORE UPDATE ON settlement_holds WHEN OLD.decision <> '' OR NEW.redemption_id IS NOT OLD.redemption_id OR NEW.partner_id IS NOT OLD.partner_id OR NEW.amount IS NOT OLD.amount OR NEW.currency IS NOT OLD.currency OR NEW.cause IS NOT OLD.cause OR NEW.reason IS NOT OLD.reason OR NEW.held_by IS NOT OLD.held_by OR NEW.held_at IS NOT OLD.held_at
BEGIN SELECT RAISE(ABORT, 'settlement_holds: what it says is settled, only what becomes of it is not'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER settlement_holds_no_delete BEFORE DELETE ON settlement_holds
BEGIN SELECT RAISE(ABORT, 'settlement_holds is append-only: a correction is a new row'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE settlement_holds;
DROP TABLE settlement_lines;
DROP TABLE settlements;
DROP TABLE settlement_runs;
DROP INDEX reversals_by_time;
DROP INDEX redemptions_by_time;
