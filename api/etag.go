package api

import (
	"strconv"
	"strings"
)

// etag shows a row's version as an ETag: 3 is "3" with its quotes.
func etag(version int64) string { return strconv.Quote(strconv.FormatInt(version, 10)) }

// version reads an If-Match header that fits openapi.yaml, where it has at most
// 18 digits.
func version(ifMatch string) int64 {
	v, _ := strconv.ParseInt(strings.Trim(ifMatch, `"`), 10, 64)
	return v
}
