package rules

import (
	"fmt"
	"slices"
	"time"
)

// target reads a target, at a depth of targets within targets.
func (s section) target(depth int) (t Target) {
	s.one("attend", "on_time_within", "stay_at_least", "test", "goal", "task", "nth_session", "all_of", "any_of", "n_of")
	switch {
	case s.has("on_time_within"):
		t.OnTimeWithin = s.minutes("on_time_within")
	case s.has("stay_at_least"):
		t.StayAtLeast = s.minutes("stay_at_least")
	case s.has("test"):
		t.Test = s.word("test", results)
	case s.has("goal"):
		t.Goal = s.anyOr("goal", func() []string { return s.wordList("goal", goals) })
	case s.has("task"):
		t.Task = s.anyOr("task", func() []string { return s.slugs("task", 1) })
	case s.has("nth_session"):
		t.NthSession = s.rising("nth_session", 1, maxCount)
	case s.has("all_of"):
		t.AllOf = s.targets("all_of", depth)
	case s.has("any_of"):
		t.AnyOf = s.targets("any_of", depth)
	case s.has("n_of"):
		n := s.section("n_of", nOfFields)
		t.NOf = &NOf{N: int(n.number("n", 1, maxList)), Of: n.targets("of", depth)}
		if t.NOf.N > len(t.NOf.Of) && len(t.NOf.Of) > 0 {
			s.add(n.at("n"), codeContradiction, "must be at most %d: there are no more", len(t.NOf.Of))
		}
	default:
		t.Attend = s.slugs("attend", 1)
	}
	return t
}

// anyOr reads the word any, or a list.
func (s section) anyOr(key string, list func() []string) []string {
	if s.obj[key] == Any {
		return []string{Any}
	}
	words := list()
	if len(words) > 1 && slices.Contains(words, Any) {
		s.add(s.at(key), codeContradiction, "must not have others beside any: it is all of them")
	}
	return words
}

// rising reads a list of whole numbers, each more than the one before.
func (s section) rising(key string, least, most int64) (out []int) {
	for i, v := range s.list(key, 1, maxList) {
		path := fmt.Sprintf("%s[%d]", s.at(key), i)
		n := int(s.numberAt(path, v, least, most))
		if len(out) > 0 && n <= out[len(out)-1] {
			s.add(path, codeValue, "must be more than the number before it in the list")
		}
		out = append(out, n)
	}
	return out
}

func (s section) targets(key string, depth int) (targets []Target) {
	for i, v := range s.list(key, 1, maxList) {
		path := fmt.Sprintf("%s[%d]", s.at(key), i)
		if depth == maxDepths {
			s.add(path, codeRange, "must not be a target within %d others", depth)
			break
		}
		targets = append(targets, s.open(path, v, targetFields).target(depth+1))
	}
	return targets
}

// minutes reads a span of whole minutes.
func (s section) minutes(key string) Minutes {
	v, _ := s.get(key, `a time like "15m" or "4h"`)
	text, _ := v.(string)
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Minute || d > 24*time.Hour || d%time.Minute != 0 {
		s.add(s.at(key), codeValue, `must be a time from 1m to 24h in whole minutes, like "15m" or "4h"`)
		return 0
	}
	return Minutes(d / time.Minute)
}

// one notes each of the fields that stands beside an earlier one of them.
func (s section) one(keys ...string) {
	first := ""
	for _, key := range keys {
		switch {
		case !s.has(key):
		case first == "":
			first = key
		default:
			s.add(s.at(key), codeContradiction, "must not be stated beside %s: take one of them", first)
		}
	}
}

// wordList reads a list of different words of a choice.
func (s section) wordList(key string, w words) (out []string) {
	for i, v := range s.list(key, 1, maxList) {
		path := fmt.Sprintf("%s[%d]", s.at(key), i)
		if word := s.wordAt(path, v, w); word != "" && slices.Contains(out, word) {
			s.add(path, codeValue, "is in the list already")
		} else {
			out = append(out, word)
		}
	}
	return out
}

// optionalList is list for a field that may be left out.
func (s section) optionalList(key string, least, most int) []any {
	if !s.has(key) {
		return nil
	}
	return s.list(key, least, most)
}
