-- +goose Up
-- Personal data at rest. Names, CPR and phone numbers and what is written about
-- a person are sealed under a key of each citizen's own; this table holds those
-- keys, wrapped by one that the database never sees. A citizen is looked up by a
-- keyed hash of the CPR number. A key has no foreign key to its citizen: it is
-- made before the first text that it seals is stored, and it outlives the
-- citizen's row as the record of having been destroyed. What was stored in plain
-- text before is sealed by fasthold migrate up, which has the keys that a
-- statement here has not; sealed_at says that a municipality is done.

CREATE TABLE data_keys (
  municipality_id UUID NOT NULL REFERENCES municipalities,
  id UUID NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('citizen', 'lookup', 'files')),
  citizen_id UUID,
  kek INTEGER NOT NULL CHECK (kek > 0),
  wrapped BYTEA,
  created_at TIMESTAMPTZ NOT NULL,
  destroyed_at TIMESTAMPTZ,
  PRIMARY KEY (municipality_id, id),
  CHECK ((purpose = 'citizen') = (citizen_id IS NOT NULL)),
  CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
CREATE UNIQUE INDEX data_keys_of_citizen ON data_keys (municipality_id, citizen_id) WHERE citizen_id IS NOT NULL;
CREATE UNIQUE INDEX data_keys_of_municipality ON data_keys (municipality_id, purpose) WHERE citizen_id IS NULL;
CREATE INDEX data_keys_by_kek ON data_keys (municipality_id, kek) WHERE wrapped IS NOT NULL;

ALTER TABLE citizens ADD COLUMN cpr TEXT NOT NULL DEFAULT '';
ALTER TABLE citizens ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE citizens ADD COLUMN cpr_hash BYTEA;
CREATE UNIQUE INDEX citizens_by_cpr ON citizens (municipality_id, cpr_hash) WHERE cpr_hash IS NOT NULL;
ALTER TABLE municipalities ADD COLUMN sealed_at TIMESTAMPTZ;

-- +goose Down
ALTER TABLE municipalities DROP COLUMN sealed_at;
DROP INDEX citizens_by_cpr;
ALTER TABLE citizens DROP COLUMN cpr_hash;
ALTER TABLE citizens DROP COLUMN phone;
ALTER TABLE citizens DROP COLUMN cpr;
DROP TABLE data_keys;
