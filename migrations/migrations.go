// Package migrations holds the database's schema as numbered SQL files, one
// set for each dialect, with the same file names in both.
package migrations

import "embed"

// Files holds postgres/*.sql and sqlite/*.sql.
//
//go:embed postgres/*.sql sqlite/*.sql
var Files embed.FS
