-- +goose Up
-- Seeds of draws. Each enrolment has a row of them, of which the newest is not
-- yet taken: its commitment is known and its seed is not. A visit takes it and so
-- reveals it. A seed changes only in being taken, once: triggers refuse all else,
-- even to someone at the SQL prompt. An award whose draws were all kind words is
-- no_prize, which no cap has denied.

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

ALTER TABLE awards DROP CONSTRAINT awards_state_check;
ALTER TABLE awards ADD CONSTRAINT awards_state_check CHECK (state IN ('proposed', 'issued', 'rejected', 'denied', 'no_prize'));

-- +goose Down
UPDATE awards SET state = 'denied' WHERE state = 'no_prize';
ALTER TABLE awards DROP CONSTRAINT awards_state_check;
ALTER TABLE awards ADD CONSTRAINT awards_state_check CHECK (state IN ('proposed', 'issued', 'rejected', 'denied'));
DROP TABLE draw_seeds;
DROP FUNCTION refuse_seed_change CASCADE;
