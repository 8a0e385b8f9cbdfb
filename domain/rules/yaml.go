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
func readYAML(data []byte) (v any, err error) {
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
	return yamlValue(file.Docs[0].Body, 0)
}

func yamlValue(n ast.Node, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return yamlObject(n.Values, depth)
	case *ast.MappingValueNode:
		return yamlObject([]*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		list := []any{}
		for _, item := range n.Values {
			v, err := yamlValue(item, depth+1)
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
		return nil, fmt.Errorf("line %d: must be plain YAML without anchors, aliases, merges and tags", line(n))
	}
}

func yamlObject(values []*ast.MappingValueNode, depth int) (any, error) {
	obj := object{}
	for _, pair := range values {
		key, ok := pair.Key.(*ast.StringNode)
		if !ok {
			return nil, fmt.Errorf("line %d: a key must be a word", line(pair.Key))
		}
		v, err := yamlValue(pair.Value, depth+1)
		if err != nil {
			return nil, err
		}
		if err := obj.put(key.Value, v); err != nil {
			return nil, fmt.Errorf("line %d: %w", line(key), err)
		}
	}
	return obj, nil
}

func line(n ast.Node) int {
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
			return fmt.Errorf("line %d: cannot be read as YAML: %.200s", t.Position.Line, e.GetMessage())
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
