-- +goose Up
-- Who has seen and changed whose data. The access log has one row for each
-- citizen and request, with the purpose: what a citizen may ask for. It is apart
-- from the audit log, whose entries are of things and not of people, of changes
-- and not of reading, and are kept as long as the money they explain. It names a
-- citizen by ID, without a foreign key: a row outlives the erasure that it tells of.

CREATE TABLE accesses (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  citizen_id UUID NOT NULL,
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action <> ''),
  act TEXT NOT NULL CHECK (act IN ('looked_up', 'added', 'changed', 'extracted', 'deleted')),
  purpose TEXT NOT NULL CHECK (purpose <> ''),
  emergency_id UUID,
  request_id TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id)
);
CREATE INDEX accesses_of_citizen ON accesses (municipality_id, citizen_id, id);
CREATE INDEX accesses_in_emergency ON accesses (municipality_id, emergency_id) WHERE emergency_id IS NOT NULL;
CREATE TRIGGER accesses_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accesses FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT isolate('accesses');

-- +goose Down
DROP TABLE accesses;
