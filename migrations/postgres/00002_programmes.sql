-- +goose Up
-- Programmes, their versions, enrolments, attendance events and awards. What a
-- council has adopted cannot be edited, and what was recorded about a visit can
-- only be superseded: triggers refuse it even to someone at the SQL prompt.

CREATE TABLE programmes (
  municipality_id UUID NOT NULL REFERENCES municipalities,
  id UUID NOT NULL,
  slug TEXT NOT NULL CHECK (slug <> ''),
  title_da TEXT NOT NULL,
  title_en TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, slug)
);

CREATE TABLE programme_versions (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  programme_id UUID NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  state TEXT NOT NULL CHECK (state IN ('draft', 'adopted', 'ended')),
  document TEXT NOT NULL,
  adopted_by TEXT NOT NULL,
  adopted_on DATE,
  in_force_from DATE,
  in_force_to DATE,
  recorded_by TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, programme_id, number),
  FOREIGN KEY (municipality_id, programme_id) REFERENCES programmes,
  CHECK (state = 'draft' OR (adopted_by <> '' AND adopted_on IS NOT NULL AND in_force_from >= adopted_on AND recorded_by <> '')),
  CHECK (in_force_to IS NULL OR in_force_to >= in_force_from)
);

CREATE TABLE enrolments (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  plan_id UUID NOT NULL,
  unit_id UUID NOT NULL,
  programme_id UUID NOT NULL,
  version_id UUID NOT NULL,
  start_date DATE NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'ended')),
  ended_on DATE,
  rule_state TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, plan_id, programme_id),
  FOREIGN KEY (municipality_id, plan_id) REFERENCES plans,
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  FOREIGN KEY (municipality_id, programme_id) REFERENCES programmes,
  FOREIGN KEY (municipality_id, version_id) REFERENCES programme_versions,
  CHECK ((state = 'ended') = (ended_on IS NOT NULL))
);
CREATE INDEX enrolments_by_unit ON enrolments (municipality_id, unit_id, id);

CREATE TABLE attendance_events (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  attendance_id UUID NOT NULL,
  revision INTEGER NOT NULL CHECK (revision > 0),
  plan_id UUID NOT NULL,
  unit_id UUID NOT NULL,
  session_id UUID,
  key TEXT NOT NULL CHECK (key <> ''),
  occurred_at TIMESTAMPTZ NOT NULL,
  local_date DATE NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  outcome TEXT NOT NULL CHECK (outcome IN ('attended', 'no_show', 'excused', 'cancelled')),
  withdrawn BOOLEAN NOT NULL,
  reason TEXT NOT NULL CHECK (revision = 1 OR reason <> ''),
  source_revision INTEGER NOT NULL,
  recorded_by TEXT NOT NULL CHECK (recorded_by <> ''),
  source_recorded_by TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, attendance_id, revision),
  FOREIGN KEY (municipality_id, plan_id) REFERENCES plans,
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  FOREIGN KEY (municipality_id, session_id) REFERENCES sessions,
  CHECK (revision > 1 OR attendance_id = id)
);
CREATE UNIQUE INDEX attendance_events_key ON attendance_events (municipality_id, key) WHERE revision = 1;
CREATE UNIQUE INDEX attendance_events_session ON attendance_events (municipality_id, session_id) WHERE revision = 1 AND session_id IS NOT NULL;
CREATE INDEX attendance_events_by_plan ON attendance_events (municipality_id, plan_id, attendance_id, revision);
CREATE INDEX attendance_events_by_time ON attendance_events (municipality_id, plan_id, occurred_at);
CREATE INDEX attendance_events_by_day ON attendance_events (municipality_id, unit_id, local_date);

CREATE VIEW attendances AS
SELECT e.* FROM attendance_events e WHERE NOT EXISTS (
  SELECT 1 FROM attendance_events later
  WHERE later.municipality_id = e.municipality_id AND later.attendance_id = e.attendance_id AND later.revision = e.revision + 1);

CREATE TABLE awards (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  enrolment_id UUID NOT NULL,
  unit_id UUID NOT NULL,
  programme_id UUID NOT NULL,
  version_id UUID NOT NULL,
  milestone INTEGER NOT NULL CHECK (milestone > 0),
  amount BIGINT NOT NULL CHECK (amount >= 0),
  granted BIGINT NOT NULL CHECK (granted >= 0),
  currency TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'issued', 'rejected', 'denied')),
  reached_on DATE NOT NULL,
  explanation TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at TIMESTAMPTZ,
  reason TEXT NOT NULL CHECK (state <> 'rejected' OR reason <> ''),
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, enrolment_id, milestone),
  FOREIGN KEY (municipality_id, enrolment_id) REFERENCES enrolments,
  FOREIGN KEY (municipality_id, version_id) REFERENCES programme_versions,
  CHECK (state = 'issued' OR granted = 0)
);
CREATE INDEX awards_waiting ON awards (municipality_id, unit_id, id) WHERE state = 'proposed';

CREATE TABLE award_adjustments (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  award_id UUID NOT NULL,
  amount_before BIGINT NOT NULL,
  amount_after BIGINT NOT NULL,
  granted_before BIGINT NOT NULL,
  granted_after BIGINT NOT NULL,
  cause TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, award_id) REFERENCES awards
);
CREATE INDEX award_adjustments_by_award ON award_adjustments (municipality_id, award_id);

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: a correction is a new row', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION refuse_adopted_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft' AND (TG_OP = 'DELETE' OR (NEW.document, NEW.number, NEW.programme_id, NEW.adopted_by, NEW.adopted_on, NEW.in_force_from, NEW.recorded_by)
      IS DISTINCT FROM (OLD.document, OLD.number, OLD.programme_id, OLD.adopted_by, OLD.adopted_on, OLD.in_force_from, OLD.recorded_by) OR NEW.state = 'draft') THEN
    RAISE EXCEPTION 'an adopted programme version is immutable: draft a new one' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER programme_versions_immutable BEFORE UPDATE OR DELETE ON programme_versions FOR EACH ROW EXECUTE FUNCTION refuse_adopted_change();
CREATE TRIGGER attendance_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON attendance_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER award_adjustments_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON award_adjustments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE award_adjustments;
DROP TABLE awards;
DROP VIEW attendances;
DROP TABLE attendance_events;
DROP TABLE enrolments;
DROP TABLE programme_versions;
DROP TABLE programmes;
DROP FUNCTION refuse_adopted_change CASCADE;
DROP FUNCTION refuse_change CASCADE;
