-- +goose Up
-- Who answers for money, in which order, and what waits for whom. The limits on
-- approvals become a list of steps, each by a person of a role, which hold for all
-- programmes or, where finance says so, for one; and they say above which amount an
-- automatic programme's award waits too. An enrolment may say that its awards wait:
-- who said so and why is a row of approval_demands, append-only. An award says what
-- it waits for and since when; waits_because stays when it is decided, for it says
-- what had to be approved. A deputy stands in for one person from a day to a day.
-- A withholding takes an award back that was not used yet: one person proposes it,
-- another decides, and the award is withheld for good.

ALTER TABLE approval_limits NO FORCE ROW LEVEL SECURITY;
CREATE TABLE approval_limits_before AS SELECT * FROM approval_limits;
DROP TABLE approval_limits;
CREATE TABLE approval_limits (
  municipality_id UUID NOT NULL REFERENCES municipalities,
  number INTEGER NOT NULL CHECK (number > 1),
  programme_id UUID,
  steps TEXT NOT NULL CHECK (steps <> ''),
  automatic_most BIGINT CHECK (automatic_most >= 0),
  leader_most BIGINT CHECK (leader_most >= 0),
  leader_grant BIGINT NOT NULL CHECK (leader_grant >= 0),
  caseworker_grant BIGINT NOT NULL CHECK (caseworker_grant >= 0),
  own_caseload BIGINT NOT NULL CHECK (own_caseload >= 0),
  remind_days INTEGER NOT NULL CHECK (remind_days >= 0),
  changed_by TEXT NOT NULL CHECK (changed_by <> ''),
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, number),
  FOREIGN KEY (municipality_id, programme_id) REFERENCES programmes
);
INSERT INTO approval_limits
SELECT municipality_id, number, NULL, '[{"role":"team_leader","above":0},{"role":"team_leader","above":' || leader_alone || '}]',
  NULL, leader_most, leader_grant, caseworker_grant, own_caseload, 7, changed_by, created_at FROM approval_limits_before;
DROP TABLE approval_limits_before;
CREATE TRIGGER approval_limits_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_limits FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT isolate('approval_limits');

ALTER TABLE approvals
  ADD COLUMN number INTEGER NOT NULL DEFAULT 0 CHECK (number >= 0),
  ADD COLUMN on_behalf_of TEXT NOT NULL DEFAULT '' CHECK (on_behalf_of <> person);

ALTER TABLE enrolments
  ADD COLUMN requires_approval BOOLEAN NOT NULL DEFAULT FALSE,
  ADD COLUMN approval_until DATE,
  ADD CHECK (approval_until IS NULL OR requires_approval);
CREATE TABLE approval_demands (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  enrolment_id UUID NOT NULL,
  required BOOLEAN NOT NULL,
  until DATE,
  reason TEXT NOT NULL CHECK (reason <> ''),
  set_by TEXT NOT NULL CHECK (set_by <> ''),
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, enrolment_id) REFERENCES enrolments,
  CHECK (until IS NULL OR required)
);
CREATE INDEX approval_demands_by_enrolment ON approval_demands (municipality_id, enrolment_id, id);
CREATE TRIGGER approval_demands_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_demands FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT isolate('approval_demands');

ALTER TABLE awards
  ADD COLUMN waits_because TEXT NOT NULL DEFAULT '[]',
  ADD COLUMN waits_since TIMESTAMPTZ,
  ADD COLUMN limits INTEGER NOT NULL DEFAULT 0 CHECK (limits >= 0),
  DROP CONSTRAINT awards_state_check,
  ADD CONSTRAINT awards_state_check CHECK (state IN ('proposed', 'issued', 'rejected', 'denied', 'no_prize', 'undrawn', 'withdrawn', 'withheld'));
ALTER TABLE awards NO FORCE ROW LEVEL SECURITY;
ALTER TABLE programme_versions NO FORCE ROW LEVEL SECURITY;
UPDATE awards SET waits_since = created_at WHERE state = 'proposed';
UPDATE awards SET waits_because = CASE WHEN milestone < 0 THEN '["by_hand"]' ELSE '["programme"]' END
WHERE milestone < 0 OR state IN ('proposed', 'issued', 'rejected') AND amount > 0 AND EXISTS (SELECT 1 FROM programme_versions v
  WHERE v.municipality_id = awards.municipality_id AND v.id = awards.version_id AND v.document::jsonb ->> 'mode' = 'proposes');
ALTER TABLE programme_versions FORCE ROW LEVEL SECURITY;
ALTER TABLE awards FORCE ROW LEVEL SECURITY;
ALTER TABLE awards ADD CONSTRAINT awards_wait CHECK ((state = 'proposed') = (waits_since IS NOT NULL));
DROP INDEX awards_waiting;
CREATE INDEX awards_waiting ON awards (municipality_id, unit_id, waits_since, id) WHERE state = 'proposed';

CREATE TABLE deputies (
  municipality_id UUID NOT NULL REFERENCES municipalities,
  id UUID NOT NULL,
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL CHECK (role IN ('caseworker', 'team_leader')),
  unit_id UUID,
  deputy TEXT NOT NULL CHECK (deputy <> '' AND deputy <> person),
  first_day DATE NOT NULL,
  last_day DATE NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  withdrawn_at TIMESTAMPTZ,
  withdrawn_by TEXT NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  CHECK (last_day >= first_day),
  CHECK (role <> 'caseworker' OR unit_id IS NOT NULL),
  CHECK ((withdrawn_at IS NULL) = (withdrawn_by = ''))
);
CREATE INDEX deputies_by_deputy ON deputies (municipality_id, deputy, last_day);
CREATE INDEX deputies_by_person ON deputies (municipality_id, person);
SELECT isolate('deputies');

CREATE TABLE withholdings (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  award_id UUID NOT NULL,
  unit_id UUID NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  reason TEXT NOT NULL CHECK (reason <> ''),
  evidence TEXT NOT NULL CHECK (evidence <> ''),
  state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected', 'withdrawn')),
  proposed_by TEXT NOT NULL CHECK (proposed_by <> ''),
  decided_by TEXT NOT NULL,
  decided_at TIMESTAMPTZ,
  on_behalf_of TEXT NOT NULL,
  comment TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, award_id) REFERENCES awards,
  CHECK ((state = 'proposed') = (decided_by = '') AND (decided_by = '') = (decided_at IS NULL)),
  CHECK (state = 'withdrawn' OR proposed_by NOT IN (decided_by, on_behalf_of)),
  CHECK (state <> 'rejected' OR comment <> '')
);
CREATE UNIQUE INDEX withholdings_open ON withholdings (municipality_id, award_id) WHERE state IN ('proposed', 'approved');
CREATE INDEX withholdings_waiting ON withholdings (municipality_id, unit_id, id) WHERE state = 'proposed';
CREATE INDEX withholdings_by_award ON withholdings (municipality_id, award_id);
SELECT isolate('withholdings');

CREATE INDEX settlement_runs_waiting ON settlement_runs (municipality_id, created_at, id) WHERE state IN ('draft', 'approved', 'filed');
CREATE INDEX settlement_holds_waiting ON settlement_holds (municipality_id, held_at, id) WHERE decision = '';

-- +goose Down
DROP INDEX settlement_holds_waiting;
DROP INDEX settlement_runs_waiting;
DROP TABLE withholdings;
DROP TABLE deputies;
DROP INDEX awards_waiting;
-- What the schema of before cannot say: what was withheld was rejected.
ALTER TABLE awards NO FORCE ROW LEVEL SECURITY;
UPDATE awards SET state = 'rejected', reason = CASE WHEN reason = '' THEN 'withheld' ELSE reason END WHERE state = 'withheld';
ALTER TABLE awards FORCE ROW LEVEL SECURITY;
ALTER TABLE awards
  DROP CONSTRAINT awards_wait, DROP COLUMN waits_because, DROP COLUMN waits_since, DROP COLUMN limits,
  DROP CONSTRAINT awards_state_check,
  ADD CONSTRAINT awards_state_check CHECK (state IN ('proposed', 'issued', 'rejected', 'denied', 'no_prize', 'undrawn', 'withdrawn'));
CREATE INDEX awards_waiting ON awards (municipality_id, unit_id, id) WHERE state = 'proposed';
DROP TABLE approval_demands;
ALTER TABLE enrolments DROP COLUMN requires_approval, DROP COLUMN approval_until;
ALTER TABLE approvals DROP COLUMN number, DROP COLUMN on_behalf_of;
ALTER TABLE approval_limits NO FORCE ROW LEVEL SECURITY;
CREATE TABLE approval_limits_before AS SELECT * FROM approval_limits;
DROP TABLE approval_limits;
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
INSERT INTO approval_limits
SELECT municipality_id, number, alone, CASE WHEN leader_most < alone THEN alone ELSE leader_most END, leader_grant, caseworker_grant, own_caseload, changed_by, created_at
FROM (SELECT b.*, COALESCE((steps::jsonb -> 1 ->> 'above')::BIGINT, 0) AS alone FROM approval_limits_before b WHERE programme_id IS NULL) AS kept;
DROP TABLE approval_limits_before;
CREATE TRIGGER approval_limits_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_limits FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT isolate('approval_limits');
