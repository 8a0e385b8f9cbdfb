-- +goose Up
-- Separation of duties. Approvals are append-only rows: who answered for which
-- amount of an award, as which role, under which limits; each person once for an
-- award as it stands. Limits are append-only too, so that it can be told which
-- held when. An award may be given by hand: it has a milestone below zero, its
-- grounds, and where they are evidenced. One that is worth more than what was
-- issued for it, where somebody must approve, waits for that. A draft says who
-- wrote it, and a plan whose caseload it is in. What was approved before keeps
-- its approver, under no limits.

ALTER TABLE programme_versions ADD COLUMN written_by TEXT NOT NULL DEFAULT '';
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION refuse_adopted_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft' AND (TG_OP = 'DELETE' OR (NEW.document, NEW.number, NEW.programme_id, NEW.adopted_by, NEW.adopted_on, NEW.in_force_from, NEW.recorded_by, NEW.written_by)
      IS DISTINCT FROM (OLD.document, OLD.number, OLD.programme_id, OLD.adopted_by, OLD.adopted_on, OLD.in_force_from, OLD.recorded_by, OLD.written_by) OR NEW.state = 'draft') THEN
    RAISE EXCEPTION 'an adopted programme version is immutable: draft a new one' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd

ALTER TABLE plans ADD COLUMN caseworker TEXT NOT NULL DEFAULT '';
ALTER TABLE plans NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_entries NO FORCE ROW LEVEL SECURITY;
UPDATE plans SET caseworker = lower(e.person) FROM audit_entries e
WHERE e.municipality_id = plans.municipality_id AND e.object_id = plans.id AND e.action = 'createPlan' AND e.role = 'caseworker';
ALTER TABLE audit_entries FORCE ROW LEVEL SECURITY;
ALTER TABLE plans FORCE ROW LEVEL SECURITY;

CREATE TABLE approval_limits (
  municipality_id UUID NOT NULL REFERENCES municipalities,
  number INTEGER NOT NULL CHECK (number > 1),
  leader_alone BIGINT NOT NULL CHECK (leader_alone >= 0),
  leader_most BIGINT CHECK (leader_most >= leader_alone),
  leader_grant BIGINT NOT NULL CHECK (leader_grant >= 0),
  caseworker_grant BIGINT NOT NULL CHECK (caseworker_grant >= 0),
  own_caseload BIGINT NOT NULL CHECK (own_caseload >= 0),
  changed_by TEXT NOT NULL CHECK (changed_by <> ''),
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, number)
);
CREATE TRIGGER approval_limits_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_limits FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT isolate('approval_limits');

ALTER TABLE awards
  ADD COLUMN grounds TEXT NOT NULL DEFAULT '',
  ADD COLUMN evidence TEXT NOT NULL DEFAULT '',
  DROP CONSTRAINT awards_milestone_check,
  DROP CONSTRAINT awards_state_check,
  DROP CONSTRAINT awards_check1,
  ADD CONSTRAINT awards_milestone_check CHECK (milestone <> 0),
  ADD CONSTRAINT awards_state_check CHECK (state IN ('proposed', 'issued', 'rejected', 'denied', 'no_prize', 'undrawn', 'withdrawn')),
  ADD CONSTRAINT awards_granted CHECK (granted = 0 OR state IN ('issued', 'proposed', 'rejected')),
  ADD CONSTRAINT awards_by_hand CHECK ((milestone > 0 OR grounds <> '') AND (milestone < 0) = (evidence <> '') AND (milestone < 0 OR state <> 'withdrawn'));

CREATE TABLE approvals (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  award_id UUID NOT NULL,
  award_version BIGINT NOT NULL CHECK (award_version >= 0),
  step TEXT NOT NULL CHECK (step IN ('proposed', 'approved')),
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount >= 0),
  limits INTEGER NOT NULL CHECK (limits >= 0),
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, award_id, award_version, person),
  FOREIGN KEY (municipality_id, award_id) REFERENCES awards
);
CREATE TRIGGER approvals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approvals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT isolate('approvals');
ALTER TABLE awards NO FORCE ROW LEVEL SECURITY;
ALTER TABLE approvals NO FORCE ROW LEVEL SECURITY;
INSERT INTO approvals (municipality_id, id, award_id, award_version, step, person, role, amount, limits, created_at)
SELECT municipality_id, id, id, 0, 'approved', lower(decided_by), 'team_leader', GREATEST(amount, granted), 0, decided_at FROM awards WHERE decided_by <> '' AND state <> 'rejected';
ALTER TABLE approvals FORCE ROW LEVEL SECURITY;
ALTER TABLE awards FORCE ROW LEVEL SECURITY;

-- +goose Down
DROP TABLE approvals;
-- What the schema of before cannot say: an award by hand that was issued keeps a
-- number that no visit reaches, with an empty explanation, and one that waits for
-- more is issued.
ALTER TABLE awards NO FORCE ROW LEVEL SECURITY;
ALTER TABLE awards DROP CONSTRAINT awards_by_hand, DROP CONSTRAINT awards_granted, DROP CONSTRAINT awards_milestone_check, DROP CONSTRAINT awards_state_check;
UPDATE awards SET state = 'issued' WHERE granted > 0;
UPDATE awards SET state = 'denied' WHERE state = 'withdrawn';
UPDATE awards SET milestone = 1000000 - milestone WHERE milestone < 0;
ALTER TABLE awards FORCE ROW LEVEL SECURITY;
ALTER TABLE awards
  DROP COLUMN grounds, DROP COLUMN evidence,
  ADD CONSTRAINT awards_milestone_check CHECK (milestone > 0),
  ADD CONSTRAINT awards_state_check CHECK (state IN ('proposed', 'issued', 'rejected', 'denied', 'no_prize', 'undrawn')),
  ADD CONSTRAINT awards_check1 CHECK (state = 'issued' OR granted = 0);
DROP TABLE approval_limits;
ALTER TABLE plans DROP COLUMN caseworker;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION refuse_adopted_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft' AND (TG_OP = 'DELETE' OR (NEW.document, NEW.number, NEW.programme_id, NEW.adopted_by, NEW.adopted_on, NEW.in_force_from, NEW.recorded_by)
      IS DISTINCT FROM (OLD.document, OLD.number, OLD.programme_id, OLD.adopted_by, OLD.adopted_on, OLD.in_force_from, OLD.recorded_by) OR NEW.state = 'draft') THEN
    RAISE EXCEPTION 'an adopted programme version is immutable: draft a new one' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
ALTER TABLE programme_versions DROP COLUMN written_by;
