-- +goose Up
-- Who a person is to the OpenID provider that they sign in by. What a provider
-- calls somebody for ever is its subject; an e-mail address may be given to the
-- next employee. So the first sign-in binds the two: the same person from another
-- subject is refused, and does not inherit what the first one recorded and
-- approved. An administrator can release a binding. A unit can say which of the
-- provider's organisations it is, since claims bind roles to those.

CREATE TABLE identities (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  issuer TEXT NOT NULL CHECK (issuer <> ''),
  subject TEXT NOT NULL CHECK (subject <> ''),
  person TEXT NOT NULL CHECK (person <> ''),
  created_at DATETIME NOT NULL,
  released_at DATETIME,
  released_by TEXT NOT NULL,
  PRIMARY KEY (municipality_id, id),
  CHECK ((released_at IS NULL) = (released_by = ''))
);
CREATE UNIQUE INDEX identities_by_subject ON identities (municipality_id, issuer, subject) WHERE released_at IS NULL;
CREATE UNIQUE INDEX identities_by_person ON identities (municipality_id, person) WHERE released_at IS NULL;

ALTER TABLE units ADD COLUMN organisation TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX units_by_organisation ON units (municipality_id, organisation) WHERE organisation <> '';

-- +goose Down
DROP INDEX units_by_organisation;
ALTER TABLE units DROP COLUMN organisation;
DROP TABLE identities;
