package web

import "strings"

// Piece is a part of a sentence: what is the same in the other one, or what is not.
type Piece struct {
	Text    string
	Changed bool
}

// apart marks in two sentences the words that the other one does not have.
func apart(before, after string) (was, is []Piece) {
	a, b := strings.Fields(before), strings.Fields(after)
	same := make([][]int, len(a)+1) // how many words a[i:] and b[j:] share in order
	for i := range same {
		same[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				same[i][j] = same[i+1][j+1] + 1
			} else {
				same[i][j] = max(same[i+1][j], same[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			was, is = piece(was, a[i], false), piece(is, b[j], false)
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && same[i+1][j] >= same[i][j+1]:
			was = piece(was, a[i], true)
			i++
		default:
			is = piece(is, b[j], true)
			j++
		}
	}
	return was, is
}

// piece adds a word to what it is alike with.
func piece(list []Piece, word string, changed bool) []Piece {
	if n := len(list); n > 0 && list[n-1].Changed == changed {
		list[n-1].Text += " " + word
		return list
	}
	return append(list, Piece{word, changed})
}
