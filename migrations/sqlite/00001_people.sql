-- +goose Up
-- Municipalities, their treatment providers, citizens, treatment plans and
-- planned sessions. municipality_id leads every key, so that every table can be
-- partitioned or distributed by it unchanged (DESIGN.md decision 7), and a
-- foreign key can never point into another municipality.

CREATE TABLE municipalities (
  municipality_id TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK (name <> ''),
  time_zone TEXT NOT NULL,
  reversal_minutes INTEGER NOT NULL CHECK (reversal_minutes >= 0),
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL
);

CREATE TABLE units (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  name TEXT NOT NULL CHECK (name <> ''),
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, name)
);

CREATE TABLE citizens (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  reference TEXT NOT NULL CHECK (reference <> ''),
  name TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, reference),
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units
);
CREATE INDEX citizens_by_unit ON citizens (municipality_id, unit_id, id);

CREATE TABLE plans (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  citizen_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  reference TEXT NOT NULL CHECK (reference <> ''),
  assessment_date TEXT,
  assessment_reference TEXT NOT NULL,
  start_date TEXT NOT NULL,
  end_date TEXT,
  end_reason TEXT NOT NULL CHECK (end_reason IN ('', 'completed', 'dropped_out', 'moved', 'other')),
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, reference),
  FOREIGN KEY (municipality_id, citizen_id) REFERENCES citizens,
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  CHECK ((end_date IS NULL) = (end_reason = '')),
  CHECK (end_date IS NULL OR end_date >= start_date)
);
CREATE INDEX plans_by_citizen ON plans (municipality_id, citizen_id);
CREATE INDEX plans_by_unit ON plans (municipality_id, unit_id, id);

CREATE TABLE goals (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  parent_id TEXT,
  wording TEXT NOT NULL CHECK (wording <> ''),
  state TEXT NOT NULL CHECK (state IN ('open', 'reached', 'dropped')),
  reached_on TEXT,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, plan_id) REFERENCES plans,
  FOREIGN KEY (municipality_id, parent_id) REFERENCES goals,
  CHECK ((reached_on IS NOT NULL) = (state = 'reached'))
);
CREATE INDEX goals_by_plan ON goals (municipality_id, plan_id);

CREATE TABLE sessions (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  starts_at DATETIME NOT NULL,
  local_date TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  state TEXT NOT NULL CHECK (state IN ('planned', 'withdrawn')),
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, plan_id) REFERENCES plans,
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units
);
CREATE UNIQUE INDEX sessions_once ON sessions (municipality_id, plan_id, starts_at) WHERE state = 'planned';
CREATE INDEX sessions_by_day ON sessions (municipality_id, unit_id, local_date);

-- +goose Down
DROP TABLE sessions;
DROP TABLE goals;
DROP TABLE plans;
DROP TABLE citizens;
DROP TABLE units;
DROP TABLE municipalities;
