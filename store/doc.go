// Package store keeps Fasthold's rows in SQLite or PostgreSQL. It is the only
// package that knows GORM and SQL; open.go is the one file where the two
// dialects differ.
//
// Everything that changes a row goes through Write, in one transaction that
// names an actor and leaves an audit entry, or does not commit. Every query is
// bound to one municipality.
package store
