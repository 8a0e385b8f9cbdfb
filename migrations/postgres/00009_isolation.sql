-- +goose Up
-- Row-level security: a transaction sees and writes the rows of the one
-- municipality that it names with set_config('fasthold.municipality', …, true),
-- also where a query forgets its WHERE, and none before it names one. It binds
-- the tables' owner too. Only the list of municipalities itself can be read as a
-- whole, by who sets fasthold.directory. The application's role gets its rights
-- from grants.sql and owns nothing, so it cannot turn this off.
--
-- A later step that makes a table ends with SELECT isolate('table'), and one that
-- changes rows takes FORCE off the table first and puts it back: without a
-- municipality it would find none.

-- +goose StatementBegin
CREATE FUNCTION isolate(name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE POLICY one_municipality ON %s USING (municipality_id = NULLIF(current_setting(''fasthold.municipality'', true), '''')::uuid)', name);
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION isolate FROM PUBLIC;

SELECT isolate(a.attrelid) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attname = 'municipality_id';

CREATE POLICY directory ON municipalities FOR SELECT USING (current_setting('fasthold.directory', true) = 'on');

-- A view is read with the rights of who reads it, not of who made it.
ALTER VIEW attendances SET (security_invoker = true);

-- +goose Down
ALTER VIEW attendances RESET (security_invoker);
DROP POLICY directory ON municipalities;
-- +goose StatementBegin
DO $$
DECLARE name regclass;
BEGIN
  FOR name IN SELECT polrelid FROM pg_policy WHERE polname = 'one_municipality' LOOP
    EXECUTE format('DROP POLICY one_municipality ON %s', name);
    EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY', name);
  END LOOP;
END $$;
-- +goose StatementEnd
DROP FUNCTION isolate;
