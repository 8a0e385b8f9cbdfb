-- +goose Up
-- Municipalities, their treatment providers, citizens, treatment plans and
-- planned sessions. municipality_id leads every key, so that every table can be
-- partitioned or distributed by it unchanged (DESIGN.md decision 7), and a
-- foreign key can never point into another municipality.

CREATE TABLE municipalities (
  municipality_id UUID PRIMARY KEY,
  name TEXT NOT NULL CHECK (name <> ''),
  time_zone TEXT NOT NULL,
  reversal_minutes INTEGER NOT NULL CHECK (reversal_minutes >= 0),
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE units (
  municipality_id UUID NOT NULL REFERENCES municipalities,
  id UUID NOT NULL,
  name TEXT NOT NULL CHECK (name <> ''),
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, name)
);

CREATE TABLE citizens (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  unit_id UUID NOT NULL,
  reference TEXT NOT NULL CHECK (reference <> ''),
  name TEXT NOT NULL,
  birth_date DATE NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, reference),
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units
);
CREATE INDEX citizens_by_unit ON citizens (municipality_id, unit_id, id);

CREATE TABLE plans (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  citizen_id UUID NOT NULL,
  unit_id UUID NOT NULL,
  reference TEXT NOT NULL CHECK (reference <> ''),
  assessment_date DATE,
  assessment_reference TEXT NOT NULL,
  start_date DATE NOT NULL,
  end_date DATE,
  end_reason TEXT NOT NULL CHECK (end_reason IN ('', 'completed', 'dropped_out', 'moved', 'other')),
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
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
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  plan_id UUID NOT NULL,
  parent_id UUID,
  wording TEXT NOT NULL CHECK (wording <> ''),
  state TEXT NOT NULL CHECK (state IN ('open', 'reached', 'dropped')),
  reached_on DATE,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, plan_id) REFERENCES plans,
  FOREIGN KEY (municipality_id, parent_id) REFERENCES goals,
  CHECK ((reached_on IS NOT NULL) = (state = 'reached'))
);
CREATE INDEX goals_by_plan ON goals (municipality_id, plan_id);

CREATE TABLE sessions (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  plan_id UUID NOT NULL,
  unit_id UUID NOT NULL,
  starts_at TIMESTAMPTZ NOT NULL,
  local_date DATE NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  state TEXT NOT NULL CHECK (state IN ('planned', 'withdrawn')),
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
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
