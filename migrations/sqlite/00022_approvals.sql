-- +goose Up
-- Who answers for money, in which order, and what waits for whom. The limits on
-- approvals become a list of steps, each by a person of a role, which hold for all
-- programmes or, where finance says so, for one; and they say above which amount an
-- automatic programme's award waits too. An enrolment may say that its awards wait:
-- who said so and why is a row of approval_demands, append-only. An award says what
-- it waits for and since when; waits_because stays when it is decided, for it says
-- what had to be approved. A deputy stands in for one person from a day to a day.
-- A withholding takes an award back that was not used yet: one person proposes it,
-- another decides, and the award is withheld for good. SQLite changes a CHECK only by
-- making the table anew; rows that refer to it are checked when all is done.

CREATE TABLE approval_limits_before AS SELECT * FROM approval_limits;
DROP TABLE approval_limits;
CREATE TABLE approval_limits (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  number INTEGER NOT NULL CHECK (number > 1),
  programme_id TEXT,
  steps TEXT NOT NULL CHECK (steps <> ''),
  automatic_most INTEGER CHECK (automatic_most >= 0),
  leader_most INTEGER CHECK (leader_most >= 0),
  leader_grant INTEGER NOT NULL CHECK (leader_grant >= 0),
  caseworker_grant INTEGER NOT NULL CHECK (caseworker_grant >= 0),
  own_caseload INTEGER NOT NULL CHECK (own_caseload >= 0),
  remind_days INTEGER NOT NULL CHECK (remind_days >= 0),
  changed_by TEXT NOT NULL CHECK (changed_by <> ''),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, number),
  FOREIGN KEY (municipality_id, programme_id) REFERENCES programmes
);
INSERT INTO approval_limits
SELECT municipality_id, number, NULL, '[{"role":"team_leader","above":0},{"role":"team_leader","above":' || leader_alone || '}]',
  NULL, leader_most, leader_grant, caseworker_grant, own_caseload, 7, changed_by, created_at FROM approval_limits_before;
DROP TABLE approval_limits_before;
-- +goose StatementBegin
CREATE TRIGGER approval_limits_no_update BEFORE UPDATE ON approval_limits BEGIN SELECT RAISE(ABORT, 'approval_limits is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER approval_limits_no_delete BEFORE DELETE ON approval_limits BEGIN SELECT RAISE(ABORT, 'approval_limits is append-only: a correction is a new row'); END;
-- +goose StatementEnd

ALTER TABLE approvals ADD COLUMN number INTEGER NOT NULL DEFAULT 0 CHECK (number >= 0);
ALTER TABLE approvals ADD COLUMN on_behalf_of TEXT NOT NULL DEFAULT '' CHECK (on_behalf_of <> person);

ALTER TABLE enrolments ADD COLUMN requires_approval BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE enrolments ADD COLUMN approval_until TEXT CHECK (approval_until IS NULL OR requires_approval);
CREATE TABLE approval_demands (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  enrolment_id TEXT NOT NULL,
  required BOOLEAN NOT NULL,
  until TEXT,
  reason TEXT NOT NULL CHECK (reason <> ''),
  set_by TEXT NOT NULL CHECK (set_by <> ''),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, enrolment_id) REFERENCES enrolments,
  CHECK (until IS NULL OR required)
);
CREATE INDEX approval_demands_by_enrolment ON approval_demands (municipality_id, enrolment_id, id);
-- +goose StatementBegin
CREATE TRIGGER approval_demands_no_update BEFORE UPDATE ON approval_demands BEGIN SELECT RAISE(ABORT, 'approval_demands is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER approval_demands_no_delete BEFORE DELETE ON approval_demands BEGIN SELECT RAISE(ABORT, 'approval_demands is append-only: a correction is a new row'); END;
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
  state TEXT NOT NULL CHECK (state IN ('proposed', 'issued', 'rejected', 'denied', 'no_prize', 'undrawn', 'withdrawn', 'withheld')),
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
  budget_id TEXT,
  reserved INTEGER NOT NULL DEFAULT 0,
  waits_because TEXT NOT NULL DEFAULT '[]',
  waits_since DATETIME,
  limits INTEGER NOT NULL DEFAULT 0 CHECK (limits >= 0),
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, enrolment_id, milestone),
  FOREIGN KEY (municipality_id, enrolment_id) REFERENCES enrolments,
  FOREIGN KEY (municipality_id, version_id) REFERENCES programme_versions,
  CHECK (granted = 0 OR state IN ('issued', 'proposed', 'rejected')),
  CHECK ((milestone > 0 OR grounds <> '') AND (milestone < 0) = (evidence <> '') AND (milestone < 0 OR state <> 'withdrawn')),
  CHECK (reserved >= 0 AND (reserved = 0 OR state = 'proposed')),
  CHECK ((state = 'proposed') = (waits_since IS NOT NULL))
);
INSERT INTO awards (municipality_id, id, enrolment_id, unit_id, programme_id, version_id, milestone, amount, granted, currency, state, reached_on, explanation, recorded_by, decided_by, decided_at, reason, version, created_at, grounds, evidence, budget_id, reserved, waits_because, waits_since)
SELECT municipality_id, id, enrolment_id, unit_id, programme_id, version_id, milestone, amount, granted, currency, state, reached_on, explanation, recorded_by, decided_by, decided_at, reason, version, created_at, grounds, evidence, budget_id, reserved,
  CASE WHEN milestone < 0 THEN '["by_hand"]'
    WHEN state IN ('proposed', 'issued', 'rejected') AND amount > 0 AND EXISTS (SELECT 1 FROM programme_versions v WHERE v.municipality_id = b.municipality_id AND v.id = b.version_id AND json_extract(v.document, '$.mode') = 'proposes') THEN '["programme"]'
    ELSE '[]' END,
  CASE WHEN state = 'proposed' THEN created_at END
FROM awards_before b;
DROP TABLE awards_before;
CREATE INDEX awards_unfunded ON awards (municipality_id, programme_id, unit_id, id) WHERE state = 'proposed' AND reserved < amount - granted;
CREATE INDEX awards_waiting ON awards (municipality_id, unit_id, waits_since, id) WHERE state = 'proposed';

CREATE TABLE deputies (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL CHECK (role IN ('caseworker', 'team_leader')),
  unit_id TEXT,
  deputy TEXT NOT NULL CHECK (deputy <> '' AND deputy <> person),
  first_day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  withdrawn_at DATETIME,
  withdrawn_by TEXT NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  CHECK (last_day >= first_day),
  CHECK (role <> 'caseworker' OR unit_id IS NOT NULL),
  CHECK ((withdrawn_at IS NULL) = (withdrawn_by = ''))
);
CREATE INDEX deputies_by_deputy ON deputies (municipality_id, deputy, last_day);
CREATE INDEX deputies_by_person ON deputies (municipality_id, person);

CREATE TABLE withholdings (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  award_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  reason TEXT NOT NULL CHECK (reason <> ''),
  evidence TEXT NOT NULL CHECK (evidence <> ''),
  state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected', 'withdrawn')),
  proposed_by TEXT NOT NULL CHECK (proposed_by <> ''),
  decided_by TEXT NOT NULL,
  decided_at DATETIME,
  on_behalf_of TEXT NOT NULL,
  comment TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, award_id) REFERENCES awards,
  CHECK ((state = 'proposed') = (decided_by = '') AND (decided_by = '') = (decided_at IS NULL)),
  CHECK (state = 'withdrawn' OR proposed_by NOT IN (decided_by, on_behalf_of)),
  CHECK (state <> 'rejected' OR comment <> '')
);
CREATE UNIQUE INDEX withholdings_open ON withholdings (municipality_id, award_id) WHERE state IN ('proposed', 'approved');
CREATE INDEX withholdings_waiting ON withholdings (municipality_id, unit_id, id) WHERE state = 'proposed';
CREATE INDEX withholdings_by_award ON withholdings (municipality_id, award_id);

CREATE INDEX settlement_runs_waiting ON settlement_runs (municipality_id, created_at, id) WHERE state IN ('draft', 'approved', 'filed');
CREATE INDEX settlement_holds_waiting ON settlement_holds (municipality_id, held_at, id) WHERE decision = '';

-- +goose Down
DROP INDEX settlement_holds_waiting;
DROP INDEX settlement_runs_waiting;
DROP TABLE withholdings;
DROP TABLE deputies;
PRAGMA defer_foreign_keys = ON;
-- What the schema of before cannot say: what was withheld was rejected.
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
  budget_id TEXT,
  reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0 AND (reserved = 0 OR state = 'proposed')),
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, enrolment_id, milestone),
  FOREIGN KEY (municipality_id, enrolment_id) REFERENCES enrolments,
  FOREIGN KEY (municipality_id, version_id) REFERENCES programme_versions,
  CHECK (granted = 0 OR state IN ('issued', 'proposed', 'rejected')),
  CHECK ((milestone > 0 OR grounds <> '') AND (milestone < 0) = (evidence <> '') AND (milestone < 0 OR state <> 'withdrawn'))
);
INSERT INTO awards (municipality_id, id, enrolment_id, unit_id, programme_id, version_id, milestone, amount, granted, currency, state, reached_on, explanation, recorded_by, decided_by, decided_at, reason, version, created_at, grounds, evidence, budget_id, reserved)
SELECT municipality_id, id, enrolment_id, unit_id, programme_id, version_id, milestone, amount, granted, currency, CASE state WHEN 'withheld' THEN 'rejected' ELSE state END, reached_on, explanation, recorded_by, decided_by, decided_at, CASE WHEN state = 'withheld' AND reason = '' THEN 'withheld' ELSE reason END, version, created_at, grounds, evidence, budget_id, reserved FROM awards_before;
DROP TABLE awards_before;
CREATE INDEX awards_unfunded ON awards (municipality_id, programme_id, unit_id, id) WHERE state = 'proposed' AND reserved < amount - granted;
CREATE INDEX awards_waiting ON awards (municipality_id, unit_id, id) WHERE state = 'proposed';
DROP TABLE approval_demands;
ALTER TABLE enrolments DROP COLUMN approval_until;
ALTER TABLE enrolments DROP COLUMN requires_approval;
ALTER TABLE approvals DROP COLUMN number;
ALTER TABLE approvals DROP COLUMN on_behalf_of;
CREATE TABLE approval_limits_before AS SELECT * FROM approval_limits;
DROP TABLE approval_limits;
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
INSERT INTO approval_limits
SELECT municipality_id, number, alone, CASE WHEN leader_most < alone THEN alone ELSE leader_most END, leader_grant, caseworker_grant, own_caseload, changed_by, created_at
FROM (SELECT b.*, COALESCE(json_extract(steps, '$[1].above'), 0) AS alone FROM approval_limits_before b WHERE programme_id IS NULL) AS kept;
DROP TABLE approval_limits_before;
-- +goose StatementBegin
CREATE TRIGGER approval_limits_no_update BEFORE UPDATE ON approval_limits BEGIN SELECT RAISE(ABORT, 'approval_limits is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER approval_limits_no_delete BEFORE DELETE ON approval_limits BEGIN SELECT RAISE(ABORT, 'approval_limits is append-only: a correction is a new row'); END;
-- +goose StatementEnd
