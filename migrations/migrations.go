// Package migrations holds the database's schema as numbered SQL files, one
// set for each dialect, with the same file names in both, and what PostgreSQL
// grants to the application's role.
package migrations

import "embed"

// Files holds postgres/*.sql, sqlite/*.sql and grants.sql.
//
//go:embed postgres/*.sql sqlite/*.sql grants.sql
var Files embed.FS
