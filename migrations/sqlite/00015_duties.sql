-- +goose Up
-- Separation of duties. Approvals are append-only rows: who answered for which
-- amount of an award, as which role, under which limits; each person once for an
-- award as it stands. Limits are append-only too, so that it can be told which
-- held when. An award may be given by hand: it has a milestone below zero, its
-- grounds, and where they are evidenced. One that is worth more than what was
-- issued for it, where somebody must approve, waits for that. A draft says who
-- wrote it, and a plan whose caseload it is in. What was approved before keeps
-- its approver, under no limits. SQLite changes a CHECK only by making the table
-- anew; rows that refer to it are checked when all is done.

ALTER TABLE programme_versions ADD COLUMN written_by TEXT NOT NULL DEFAULT '';
DROP TRIGGER programme_versions_immutable;
-- +goose StatementBegin
CREATE TRIGGER programme_versions_immutable BEFORE UPDATE ON programme_versions
WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR NEW.document IS NOT OLD.document OR NEW.number IS NOT OLD.number OR NEW.programme_id IS NOT OLD.programme_id
  OR NEW.adopted_by IS NOT OLD.adopted_by OR NEW.adopted_on IS NOT OLD.adopted_on OR NEW.in_force_from IS NOT OLD.in_force_from OR NEW.recorded_by IS NOT OLD.recorded_by OR NEW.written_by IS NOT OLD.written_by)
BEGIN SELECT RAISE(ABORT, 'an adopted programme version is immutable: draft a new one'); END;
-- +goose StatementEnd

ALTER TABLE plans ADD COLUMN caseworker TEXT NOT NULL DEFAULT '';
UPDATE plans SET caseworker = COALESCE((SELECT lower(e.person) FROM audit_entries e
  WHERE e.municipality_id = plans.municipality_id AND e.object_id = plans.id AND e.action = 'createPlan' AND e.role = 'caseworker'), '');

CREATE TABLE approval_limits (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  number INTEGER NOT NULL CHECK (number > 1),
  leader_alone INTEGER NOT NULL CHECK (leader_alone >= 0),
  leader_most INTEGER CHECK (leader_most >= leader_alone),
  leader_grant INTEGER NOT NULL CHECK (leader_grant >= 0),
  caseworker_grant INTEGER NOT NULL CHECK (caseworker_grant >= 0),
  own_caseload INTEGER NOT NULL CHECK (own_caseload >= 0),
  changed_by TEXT NOT NULL CHECK (changed_by <> ''),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, number)
);
-- +goose StatementBegin
CREATE TRIGGER approval_limits_no_update BEFORE UPDATE ON approval_limits BEGIN SELECT RAISE(ABORT, 'approval_limits is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER approval_limits_no_delete BEFORE DELETE ON approval_limits BEGIN SELECT RAISE(ABORT, 'approval_limits is append-only: a correction is a new row'); END;
-- +goose StatementEnd

PRAGMA defer_foreign_keys = ON;
CREATE TABLE awards_before AS SELECT * FROM awards;
DROP TABLE awards;
CREATE TABLE awards (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  enrolment_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  version_id TEXT NOT NULL,
  milestone INTEGER NOT NULL CHECK (milestone <> 0),
  amount INTEGER NOT NULL CHECK (amount >= 0),
  granted INTEGER NOT NULL CHECK (granted >= 0),
  currency TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'issued', 'rejected', 'denied', 'no_prize', 'undrawn', 'withdrawn')),
  reached_on TEXT NOT NULL,
  explanation TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at DATETIME,
  reason TEXT NOT NULL CHECK (state <> 'rejected' OR reason <> ''),
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  grounds TEXT NOT NULL DEFAULT '',
  evidence TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, enrolment_id, milestone),
  FOREIGN KEY (municipality_id, enrolment_id) REFERENCES enrolments,
  FOREIGN KEY (municipality_id, version_id) REFERENCES programme_versions,
  CHECK (granted = 0 OR state IN ('issued', 'proposed', 'rejected')),
  CHECK ((milestone > 0 OR grounds <> '') AND (milestone < 0) = (evidence <> '') AND (milestone < 0 OR state <> 'withdrawn'))
);
INSERT INTO awards (municipality_id, id, enrolment_id, unit_id, programme_id, version_id, milestone, amount, granted, currency, state, reached_on, explanation, recorded_by, decided_by, decided_at, reason, version, created_at)
SELECT municipality_id, id, enrolment_id, unit_id, programme_id, version_id, milestone, amount, granted, currency, state, reached_on, explanation, recorded_by, decided_by, decided_at, reason, version, created_at FROM awards_before;
DROP TABLE awards_before;
CREATE INDEX awards_waiting ON awards (municipality_id, unit_id, id) WHERE state = 'proposed';

CREATE TABLE approvals (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  award_id TEXT NOT NULL,
  award_version INTEGER NOT NULL CHECK (award_version >= 0),
  step TEXT NOT NULL CHECK (step IN ('proposed', 'approved')),
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0),
  limits INTEGER NOT NULL CHECK (limits >= 0),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, award_id, award_version, person),
  FOREIGN KEY (municipality_id, award_id) REFERENCES awards
);
INSERT INTO approvals (municipality_id, id, award_id, award_version, step, person, role, amount, limits, created_at)
SELECT municipality_id, id, id, 0, 'approved', lower(decided_by), 'team_leader', MAX(amount, granted), 0, decided_at FROM awards WHERE decided_by <> '' AND state <> 'rejected';
-- +goose StatementBegin
CREATE TRIGGER approvals_no_update BEFORE UPDATE ON approvals BEGIN SELECT RAISE(ABORT, 'approvals is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER approvals_no_delete BEFORE DELETE ON approvals BEGIN SELECT RAISE(ABORT, 'approvals is append-only: a correction is a new row'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE approvals;
-- What the schema of before cannot say: an award by hand that was issued keeps a
-- number that no visit reaches, with an empty explanation, and one that waits for
-- more is issued.
UPDATE awards SET state = 'issued' WHERE granted > 0;
PRAGMA defer_foreign_keys = ON;
CREATE TABLE awards_before AS SELECT * FROM awards;
DROP TABLE awards;
CREATE TABLE awards (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  enrolment_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  version_id TEXT NOT NULL,
  milestone INTEGER NOT NULL CHECK (milestone > 0),
  amount INTEGER NOT NULL CHECK (amount >= 0),
  granted INTEGER NOT NULL CHECK (granted >= 0),
  currency TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'issued', 'rejected', 'denied', 'no_prize', 'undrawn')),
  reached_on TEXT NOT NULL,
  explanation TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at DATETIME,
  reason TEXT NOT NULL CHECK (state <> 'rejected' OR reason <> ''),
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, enrolment_id, milestone),
  FOREIGN KEY (municipality_id, enrolment_id) REFERENCES enrolments,
  FOREIGN KEY (municipality_id, version_id) REFERENCES programme_versions,
  CHECK (state = 'issued' OR granted = 0)
);
INSERT INTO awards
SELECT municipality_id, id, enrolment_id, unit_id, programme_id, version_id, CASE WHEN milestone < 0 THEN 1000000 - milestone ELSE milestone END, amount, granted, currency, CASE WHEN state = 'withdrawn' THEN 'denied' ELSE state END, reached_on, explanation, recorded_by, decided_by, decided_at, reason, version, created_at FROM awards_before;
DROP TABLE awards_before;
CREATE INDEX awards_waiting ON awards (municipality_id, unit_id, id) WHERE state = 'proposed';
DROP TABLE approval_limits;
ALTER TABLE plans DROP COLUMN caseworker;
DROP TRIGGER programme_versions_immutable;
-- +goose StatementBegin
CREATE TRIGGER programme_versions_immutable BEFORE UPDATE ON programme_versions
WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR NEW.document IS NOT OLD.document OR NEW.number IS NOT OLD.number OR NEW.programme_id IS NOT OLD.programme_id
  OR NEW.adopted_by IS NOT OLD.adopted_by OR NEW.adopted_on IS NOT OLD.adopted_on OR NEW.in_force_from IS NOT OLD.in_force_from OR NEW.recorded_by IS NOT OLD.recorded_by)
BEGIN SELECT RAISE(ABORT, 'an adopted programme version is immutable: draft a new one'); END;
-- +goose StatementEnd
ALTER TABLE programme_versions DROP COLUMN written_by;
