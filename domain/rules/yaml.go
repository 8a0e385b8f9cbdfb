package rules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// readYAML reads one YAML document of plain mappings, lists, strings, numbers
// and booleans. Anchors, aliases, merges and tags are refused: a rule should say
// what it says where it stands, and an alias can stand for any amount of text.
func readYAML(data []byte, where *place) (v any, err error) {
	if tooNested(data) {
		return nil, errTooDeep
	}
	defer func() {
		if r := recover(); r != nil { // the parser's fault, at the cost of the document
			v, err = nil, errors.New("cannot be read as YAML or JSON")
		}
	}()
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, yamlError(err)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, errors.New("must be one document")
	}
	return yamlValue(file.Docs[0].Body, where, 0)
}

func yamlValue(n ast.Node, where *place, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	where.starts(line(n))
	switch n := n.(type) {
	case *ast.MappingNode:
		return yamlObject(n.Values, where, depth)
	case *ast.MappingValueNode:
		return yamlObject([]*ast.MappingValueNode{n}, where, depth)
	case *ast.SequenceNode:
		list := []any{}
		for i, item := range n.Values {
			v, err := yamlValue(item, where.part(fmt.Sprintf("[%d]", i)), depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return n.Value.Value, nil
	case *ast.IntegerNode:
		return json.Number(fmt.Sprint(n.Value)), nil
	case *ast.FloatNode:
		return json.Number(n.GetToken().Value), nil // as written: 200.0 is no whole number
	case *ast.BoolNode:
		return n.Value, nil
	case *ast.NullNode:
		return nil, nil // null is a value like any other
	default:
		return nil, &onLine{line(n), "must be plain YAML without anchors, aliases, merges and tags"}
	}
}

func yamlObject(values []*ast.MappingValueNode, where *place, depth int) (any, error) {
	obj := object{}
	for _, pair := range values {
		key, ok := pair.Key.(*ast.StringNode)
		if !ok {
			return nil, &onLine{line(pair.Key), "a key must be a word"}
		}
		part := where.part(written(key.Value))
		part.starts(line(key))
		v, err := yamlValue(pair.Value, part, depth+1)
		if err != nil {
			return nil, err
		}
		if err := obj.put(key.Value, v); err != nil {
			return nil, &onLine{line(key), err.Error()}
		}
	}
	return obj, nil
}

func line(n ast.Node) int {
	switch within := n.(type) {
	case *ast.MappingNode: // whose own token is the colon of its first pair, or a bracket
		if len(within.Values) > 0 && !within.IsFlowStyle {
			return line(within.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return line(within.Key)
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 1
	}
	return n.GetToken().Position.Line
}

// yamlError is the parser's sentence with its line, without the piece of source
// that its Error has: drawing that takes seconds for a hostile document.
func yamlError(err error) error {
	if e, ok := errors.AsType[yaml.Error](err); ok {
		if t := e.GetToken(); t != nil && t.Position != nil {
			return &onLine{t.Position.Line, fmt.Sprintf("cannot be read as YAML: %.200s", e.GetMessage())}
		}
	}
	return errors.New("cannot be read as YAML or JSON")
}

// tooNested looks for nesting on which the parser would spend seconds: brackets
// never closed, and lists within lists on one line. It counts brackets in quoted
// text too; no honest document has so many.
func tooNested(data []byte) bool {
	brackets := 0
	for l := range bytes.Lines(data) {
		lists := 0
		for {
			l = bytes.TrimLeft(l, " ")
			if !bytes.HasPrefix(l, []byte("- ")) {
				break
			}
			l, lists = l[2:], lists+1
		}
		for _, c := range l {
			switch c {
			case '[', '{':
				brackets++
			case ']', '}':
				brackets = max(0, brackets-1)
			}
			if brackets > maxDepth || lists > maxDepth {
				return true
			}
		}
	}
	return false
}
