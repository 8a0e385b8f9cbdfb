-- +goose Up
-- Who gets in. Whatever lets somebody in is a row of tokens: an API token, a
-- person's sign-in in a browser, a till, a citizen's visit to their own page. So
-- one query finds who calls and one way revokes. All but a till's end by
-- themselves; tokens made before end 90 days after this step. Which roles a person
-- has is a row each of role_assignments, granted or told by the place where they
-- sign in. attempt_windows counts what may be tried only so often, under a hash
-- of who tried.

CREATE TABLE role_assignments (
  municipality_id UUID NOT NULL REFERENCES municipalities,
  id UUID NOT NULL,
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL CHECK (role IN ('caseworker', 'team_leader', 'finance', 'auditor', 'partner', 'administrator', 'operator')),
  unit_id UUID,
  partner_id UUID,
  source TEXT NOT NULL CHECK (source IN ('granted', 'claims')),
  created_at TIMESTAMPTZ NOT NULL,
  created_by TEXT NOT NULL CHECK (created_by <> ''),
  revoked_at TIMESTAMPTZ,
  revoked_by TEXT NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  FOREIGN KEY (municipality_id, partner_id) REFERENCES partners,
  CHECK (role <> 'caseworker' OR unit_id IS NOT NULL),
  CHECK ((role = 'partner') = (partner_id IS NOT NULL)),
  CHECK ((revoked_at IS NULL) = (revoked_by = ''))
);
CREATE INDEX role_assignments_by_person ON role_assignments (municipality_id, person);
SELECT isolate('role_assignments');

CREATE TABLE attempt_windows (
  municipality_id UUID NOT NULL REFERENCES municipalities,
  bucket BYTEA NOT NULL,
  count INTEGER NOT NULL CHECK (count > 0),
  ends_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, bucket)
);
CREATE INDEX attempt_windows_by_end ON attempt_windows (municipality_id, ends_at);
SELECT isolate('attempt_windows');

ALTER TABLE tokens
  ADD COLUMN kind TEXT NOT NULL DEFAULT 'token' CHECK (kind IN ('token', 'sign_in', 'terminal', 'citizen')),
  ADD COLUMN assignment_id UUID,
  ADD COLUMN citizen_id UUID,
  ADD COLUMN scopes TEXT NOT NULL DEFAULT '[]',
  ADD COLUMN expires_at TIMESTAMPTZ,
  ADD COLUMN idle_minutes INTEGER NOT NULL DEFAULT 0 CHECK (idle_minutes >= 0),
  ADD COLUMN last_used_at TIMESTAMPTZ,
  ADD COLUMN proved_at TIMESTAMPTZ,
  ADD COLUMN method TEXT NOT NULL DEFAULT '' CHECK (method IN ('', 'oidc', 'passkey', 'password', 'link')),
  ADD COLUMN acr TEXT NOT NULL DEFAULT '',
  ADD COLUMN provider_subject TEXT NOT NULL DEFAULT '',
  ADD COLUMN provider_session TEXT NOT NULL DEFAULT '',
  ADD COLUMN replaces_id UUID,
  ADD COLUMN family_id UUID,
  ADD FOREIGN KEY (municipality_id, assignment_id) REFERENCES role_assignments,
  ADD FOREIGN KEY (municipality_id, citizen_id) REFERENCES citizens,
  DROP CONSTRAINT tokens_role_check,
  ADD CONSTRAINT tokens_role_check CHECK (role IN ('caseworker', 'team_leader', 'finance', 'auditor', 'partner', 'administrator', 'operator', 'citizen'));
ALTER TABLE tokens NO FORCE ROW LEVEL SECURITY;
UPDATE tokens SET kind = 'terminal' WHERE terminal_id IS NOT NULL;
UPDATE tokens SET expires_at = now() + interval '90 days' WHERE terminal_id IS NULL;
ALTER TABLE tokens FORCE ROW LEVEL SECURITY;
ALTER TABLE tokens
  ALTER COLUMN kind DROP DEFAULT,
  ADD CONSTRAINT tokens_end CHECK (kind = 'terminal' OR expires_at IS NOT NULL),
  ADD CONSTRAINT tokens_of_terminals CHECK ((kind = 'terminal') = (terminal_id IS NOT NULL)),
  ADD CHECK ((replaces_id IS NULL) = (family_id IS NULL)),
  ADD CONSTRAINT tokens_of_citizens CHECK ((kind = 'citizen') = (citizen_id IS NOT NULL) AND (kind = 'citizen') = (role = 'citizen'));
CREATE INDEX tokens_by_person ON tokens (municipality_id, person);
CREATE INDEX tokens_by_assignment ON tokens (municipality_id, assignment_id) WHERE assignment_id IS NOT NULL;
CREATE INDEX tokens_by_citizen ON tokens (municipality_id, citizen_id) WHERE citizen_id IS NOT NULL;
CREATE INDEX tokens_by_terminal ON tokens (municipality_id, terminal_id) WHERE terminal_id IS NOT NULL;
CREATE UNIQUE INDEX tokens_replaced_once ON tokens (municipality_id, replaces_id) WHERE replaces_id IS NOT NULL;

-- +goose Down
DROP INDEX tokens_replaced_once;
DROP INDEX tokens_by_terminal;
DROP INDEX tokens_by_citizen;
DROP INDEX tokens_by_assignment;
DROP INDEX tokens_by_person;
ALTER TABLE tokens NO FORCE ROW LEVEL SECURITY;
DELETE FROM tokens WHERE kind IN ('sign_in', 'citizen') OR scopes <> '[]';
ALTER TABLE tokens FORCE ROW LEVEL SECURITY;
ALTER TABLE tokens
  DROP CONSTRAINT tokens_of_citizens,
  DROP CONSTRAINT tokens_of_terminals,
  DROP CONSTRAINT tokens_end,
  DROP CONSTRAINT tokens_role_check,
  ADD CONSTRAINT tokens_role_check CHECK (role IN ('caseworker', 'team_leader', 'finance', 'auditor', 'partner', 'administrator', 'operator')),
  DROP COLUMN family_id, DROP COLUMN replaces_id, DROP COLUMN provider_session, DROP COLUMN provider_subject, DROP COLUMN acr, DROP COLUMN method, DROP COLUMN proved_at,
  DROP COLUMN last_used_at, DROP COLUMN idle_minutes, DROP COLUMN expires_at, DROP COLUMN scopes, DROP COLUMN citizen_id, DROP COLUMN assignment_id, DROP COLUMN kind;
DROP TABLE attempt_windows;
DROP TABLE role_assignments;
