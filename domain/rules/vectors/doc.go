// Package vectors reads the published schedules of testdata/vectors: for each a
// programme, a history and what every visit of it pays. It is for tests: those of
// the engine and those of the API read the same files through it.
package vectors
