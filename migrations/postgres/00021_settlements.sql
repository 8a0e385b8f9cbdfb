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
  municipality_id UUID NOT NULL REFERENCES municipalities,
  id UUID NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  period_from DATE NOT NULL,
  period_to DATE NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  state TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'filed', 'paid', 'reconciled', 'reversed')),
  made_by TEXT NOT NULL CHECK (made_by <> ''),
  made_at TIMESTAMPTZ NOT NULL,
  approved_by TEXT NOT NULL,
  approved_at TIMESTAMPTZ,
  filed_by TEXT NOT NULL,
  filed_at TIMESTAMPTZ,
  message_id TEXT NOT NULL,
  execute_on DATE,
  paid_by TEXT NOT NULL,
  paid_at TIMESTAMPTZ,
  paid_on DATE,
  reconciled_at TIMESTAMPTZ,
  reversed_by TEXT NOT NULL,
  reversed_at TIMESTAMPTZ,
  reversed_because TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
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
SELECT isolate('settlement_runs');

CREATE TABLE settlements (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  run_id UUID NOT NULL,
  partner_id UUID NOT NULL,
  number TEXT NOT NULL CHECK (number <> ''),
  method TEXT NOT NULL CHECK (method IN ('bank', 'invoice')),
  iban TEXT NOT NULL CHECK (method = 'bank' OR iban = ''),
  account_changed BOOLEAN NOT NULL,
  currency TEXT NOT NULL,
  lines BIGINT NOT NULL CHECK (lines >= 0),
  amount BIGINT NOT NULL,
  carried_in BIGINT NOT NULL,
  total BIGINT NOT NULL CHECK (total = amount + carried_in),
  state TEXT NOT NULL,
  carried_into_id UUID,
  paid_on DATE,
  reconciled_at TIMESTAMPTZ,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
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
SELECT isolate('settlements');

CREATE TABLE settlement_lines (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  run_id UUID NOT NULL,
  settlement_id UUID NOT NULL,
  partner_id UUID NOT NULL,
  kind TEXT NOT NULL,
  redemption_id UUID NOT NULL,
  voucher_id UUID NOT NULL,
  serial TEXT NOT NULL,
  terminal_id UUID NOT NULL,
  branch_id UUID,
  happened_at TIMESTAMPTZ NOT NULL,
  amount BIGINT NOT NULL,
  programme_id UUID NOT NULL,
  unit_id UUID NOT NULL,
  budget_id UUID,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, settlement_id) REFERENCES settlements DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (municipality_id, redemption_id) REFERENCES redemptions,
  CHECK (CASE kind WHEN 'redemption' THEN id = redemption_id AND amount > 0 WHEN 'reversal' THEN id <> redemption_id AND amount < 0 ELSE FALSE END)
);
CREATE INDEX settlement_lines_by_settlement ON settlement_lines (municipality_id, settlement_id, id);
CREATE INDEX settlement_lines_by_voucher ON settlement_lines (municipality_id, voucher_id);
SELECT isolate('settlement_lines');

CREATE TABLE settlement_holds (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  redemption_id UUID NOT NULL,
  partner_id UUID NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  cause TEXT NOT NULL CHECK (cause IN ('by_hand', 'terminal_revoked', 'voucher_blocked', 'voucher_reissued', 'no_contract')),
  reason TEXT NOT NULL CHECK (reason <> ''),
  held_by TEXT NOT NULL CHECK (held_by <> ''),
  held_at TIMESTAMPTZ NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('', 'released', 'rejected')),
  decided_by TEXT NOT NULL CHECK (decided_by <> held_by),
  decided_at TIMESTAMPTZ,
  comment TEXT NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, redemption_id) REFERENCES redemptions,
  CHECK ((decision = '') = (decided_by = '') AND (decision = '') = (decided_at IS NULL) AND (decision = '') = (comment = ''))
);
CREATE UNIQUE INDEX settlement_holds_once ON settlement_holds (municipality_id, redemption_id) WHERE decision <> 'released';
CREATE INDEX settlement_holds_by_redemption ON settlement_holds (municipality_id, redemption_id);
SELECT isolate('settlement_holds');

-- +goose StatementBegin
CREATE FUNCTION refuse_settled_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT municipality_id, run_id FROM changed) c
      WHERE NOT EXISTS (SELECT 1 FROM settlement_runs r WHERE r.municipality_id = c.municipality_id AND r.id = c.run_id AND r.state = 'draft')) THEN
    RAISE EXCEPTION '% come and go only with a draft', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER settlement_lines_drafted AFTER INSERT ON settlement_lines REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_settled_change();
CREATE TRIGGER settlement_lines_undone AFTER DELETE ON settlement_lines REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_settled_change();
CREATE TRIGGER settlement_lines_append_only BEFORE UPDATE OR TRUNCATE ON settlement_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlements_drafted AFTER INSERT ON settlements REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_settled_change();
CREATE TRIGGER settlements_undone AFTER DELETE ON settlements REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_settled_change();
-- +goose StatementBegin
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%: what it says is settled, only what becomes of it is not', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
CREATE TRIGGER settlements_kept BEFORE UPDATE ON settlements FOR EACH ROW
WHEN ((NEW.municipality_id, NEW.id, NEW.run_id, NEW.partner_id, NEW.number, NEW.method, NEW.iban, NEW.account_changed, NEW.currency, NEW.lines, NEW.amount, NEW.carried_in, NEW.total)
  IS DISTINCT FROM (OLD.municipality_id, OLD.id, OLD.run_id, OLD.partner_id, OLD.number, OLD.method, OLD.iban, OLD.account_changed, OLD.currency, OLD.lines, OLD.amount, OLD.carried_in, OLD.total))
EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER settlement_runs_kept BEFORE UPDATE ON settlement_runs FOR EACH ROW
WHEN ((NEW.number, NEW.currency) IS DISTINCT FROM (OLD.number, OLD.currency) OR OLD.state <> 'draft'
  AND (NEW.state = 'draft' OR (NEW.period_from, NEW.period_to, NEW.made_by, NEW.made_at, NEW.approved_by) IS DISTINCT FROM (OLD.period_from, OLD.period_to, OLD.made_by, OLD.made_at, OLD.approved_by)))
EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER settlement_runs_stay BEFORE DELETE OR TRUNCATE ON settlement_runs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_holds_kept BEFORE UPDATE ON settlement_holds FOR EACH ROW
WHEN (OLD.decision <> '' OR (NEW.redemption_id, NEW.partner_id, NEW.amount, NEW.currency, NEW.cause, NEW.reason, NEW.held_by, NEW.held_at)
  IS DISTINCT FROM (OLD.redemption_id, OLD.partner_id, OLD.amount, OLD.currency, OLD.cause, OLD.reason, OLD.held_by, OLD.held_at))
EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER settlement_holds_stay BEFORE DELETE OR TRUNCATE ON settlement_holds FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE settlement_holds;
DROP TABLE settlement_lines;
DROP TABLE settlements;
DROP TABLE settlement_runs;
DROP FUNCTION refuse_rewriting;
DROP FUNCTION refuse_settled_change;
DROP INDEX reversals_by_time;
DROP INDEX redemptions_by_time;
