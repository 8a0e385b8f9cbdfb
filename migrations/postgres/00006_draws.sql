-- +goose Up
-- Seeds of draws. Each enrolment has a row of them, of which the newest is not
-- yet taken: its commitment is known and its seed is not. A visit takes it and so
-- reveals it. A seed changes only in being taken, once: triggers refuse all else,
-- even to someone at the SQL prompt. An award whose draws were all kind words is
-- no_prize, which no cap has denied; one that
-- waits for its group's hat is undrawn. A hat is drawn once, and so are its names.

CREATE TABLE draw_seeds (
  municipality_id UUID NOT NULL,
  enrolment_id UUID NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  seed TEXT NOT NULL CHECK (length(seed) = 64),
  commitment TEXT NOT NULL CHECK (length(commitment) = 64),
  committed_at TIMESTAMPTZ NOT NULL,
  attendance_id UUID,
  taken_at TIMESTAMPTZ,
  PRIMARY KEY (municipality_id, enrolment_id, number),
  UNIQUE (municipality_id, enrolment_id, attendance_id),
  UNIQUE (municipality_id, seed),
  FOREIGN KEY (municipality_id, enrolment_id) REFERENCES enrolments,
  CHECK ((attendance_id IS NULL) = (taken_at IS NULL)),
  CHECK (taken_at >= committed_at)
);
CREATE UNIQUE INDEX draw_seeds_next ON draw_seeds (municipality_id, enrolment_id) WHERE attendance_id IS NULL;

-- +goose StatementBegin
CREATE FUNCTION refuse_seed_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.attendance_id IS NOT NULL OR NEW.attendance_id IS NULL
      OR (NEW.municipality_id, NEW.enrolment_id, NEW.number, NEW.seed, NEW.commitment, NEW.committed_at)
      IS DISTINCT FROM (OLD.municipality_id, OLD.enrolment_id, OLD.number, OLD.seed, OLD.commitment, OLD.committed_at) THEN
    RAISE EXCEPTION 'draw_seeds is append-only: a seed is taken once and never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER draw_seeds_append_only BEFORE UPDATE OR DELETE ON draw_seeds FOR EACH ROW EXECUTE FUNCTION refuse_seed_change();
CREATE TRIGGER draw_seeds_kept BEFORE TRUNCATE ON draw_seeds FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE hats (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  programme_id UUID NOT NULL,
  unit_id UUID NOT NULL,
  title TEXT NOT NULL CHECK (title <> ''),
  held_at TIMESTAMPTZ NOT NULL,
  names INTEGER NOT NULL CHECK (names > 0),
  seed TEXT NOT NULL CHECK (length(seed) = 64),
  commitment TEXT NOT NULL CHECK (length(commitment) = 64),
  created_by TEXT NOT NULL CHECK (created_by <> ''),
  created_at TIMESTAMPTZ NOT NULL,
  drawn_by TEXT NOT NULL,
  drawn_at TIMESTAMPTZ,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, programme_id) REFERENCES programmes,
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  CHECK ((drawn_at IS NULL) = (drawn_by = ''))
);
CREATE TABLE hat_entries (
  municipality_id UUID NOT NULL,
  hat_id UUID NOT NULL,
  attendance_id UUID NOT NULL,
  enrolment_id UUID NOT NULL,
  tickets INTEGER CHECK (tickets >= 0),
  place INTEGER CHECK (place >= 0),
  created_by TEXT NOT NULL CHECK (created_by <> ''),
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, hat_id, attendance_id),
  UNIQUE (municipality_id, attendance_id),
  FOREIGN KEY (municipality_id, hat_id) REFERENCES hats,
  FOREIGN KEY (municipality_id, enrolment_id) REFERENCES enrolments,
  CHECK ((tickets IS NULL) = (place IS NULL))
);
CREATE INDEX hat_entries_by_enrolment ON hat_entries (municipality_id, enrolment_id);
-- +goose StatementBegin
CREATE FUNCTION refuse_hat_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.drawn_at IS NOT NULL OR NEW.drawn_at IS NULL
      OR (NEW.municipality_id, NEW.id, NEW.programme_id, NEW.unit_id, NEW.title, NEW.held_at, NEW.names, NEW.seed, NEW.commitment, NEW.created_by, NEW.created_at)
      IS DISTINCT FROM (OLD.municipality_id, OLD.id, OLD.programme_id, OLD.unit_id, OLD.title, OLD.held_at, OLD.names, OLD.seed, OLD.commitment, OLD.created_by, OLD.created_at) THEN
    RAISE EXCEPTION 'hats is append-only: a hat is drawn once and never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION refuse_entry_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.tickets IS NOT NULL OR NEW.tickets IS NULL
      OR (NEW.municipality_id, NEW.hat_id, NEW.attendance_id, NEW.enrolment_id, NEW.created_by, NEW.created_at)
      IS DISTINCT FROM (OLD.municipality_id, OLD.hat_id, OLD.attendance_id, OLD.enrolment_id, OLD.created_by, OLD.created_at) THEN
    RAISE EXCEPTION 'hat_entries is append-only: a name is drawn once and never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER hats_append_only BEFORE UPDATE OR DELETE ON hats FOR EACH ROW EXECUTE FUNCTION refuse_hat_change();
CREATE TRIGGER hats_kept BEFORE TRUNCATE ON hats FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hat_entries_append_only BEFORE UPDATE OR DELETE ON hat_entries FOR EACH ROW EXECUTE FUNCTION refuse_entry_change();
CREATE TRIGGER hat_entries_kept BEFORE TRUNCATE ON hat_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE awards DROP CONSTRAINT awards_state_check;
ALTER TABLE awards ADD CONSTRAINT awards_state_check CHECK (state IN ('proposed', 'issued', 'rejected', 'denied', 'no_prize', 'undrawn'));

-- +goose Down
UPDATE awards SET state = 'denied' WHERE state IN ('no_prize', 'undrawn');
ALTER TABLE awards DROP CONSTRAINT awards_state_check;
ALTER TABLE awards ADD CONSTRAINT awards_state_check CHECK (state IN ('proposed', 'issued', 'rejected', 'denied'));
DROP TABLE hat_entries;
DROP TABLE hats;
DROP TABLE draw_seeds;
DROP FUNCTION refuse_seed_change CASCADE;
DROP FUNCTION refuse_hat_change CASCADE;
DROP FUNCTION refuse_entry_change CASCADE;
