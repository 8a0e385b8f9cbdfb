// Package api answers HTTP: it is the only package that knows Echo. A handler
// translates in, makes one call to the use cases, and translates out.
//
// The types and routes come from openapi.yaml, and requests are validated
// against it before a handler sees them.
package api

//go:generate go tool -modfile=../tools.mod oapi-codegen -config oapi-codegen.yaml ../openapi.yaml
