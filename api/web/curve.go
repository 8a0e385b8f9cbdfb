package web

import (
	"fmt"
	"strconv"

	"github.com/fasthold/fasthold/domain"
)

// Curve is a share by week as a picture, with its confidence band, and as a table that
// says the same.
type Curve struct {
	Left, Right int     // where it is drawn
	Band, Line  string  // what the paths are
	Weeks       []Tick  // along the bottom
	Shares      []Tick  // up the side
	Rows        []Share // of the table
	Says        string  // the picture in a sentence
}

// Share is the share after one week.
type Share struct{ Week, Share, Low, High, AtRisk string }

const (
	curveLeft, curveTop, curveRight, curveBottom = 66, 12, 708, 260

	weeksApart = 4 // marks on the axis, and rows of the table
)

// newCurve draws the share of those who began who are still there, by week.
func newCurve(list []domain.Remaining, v View) Curve {
	last := list[len(list)-1]
	x := func(week int) float64 {
		return curveLeft + float64(curveRight-curveLeft)*float64(week)/float64(last.Week)
	}
	y := func(share float64) float64 { return curveBottom - float64(curveBottom-curveTop)*share }
	c := Curve{Left: curveLeft, Right: curveRight}
	line, band := fmt.Sprintf("M%.1f %.1f", x(0), y(list[0].Share)), fmt.Sprintf("M%.1f %.1f", x(0), y(list[0].Low))
	for i, r := range list {
		if i > 0 { // it is level until the week is over
			line += fmt.Sprintf("H%.1fV%.1f", x(r.Week), y(r.Share))
			band += fmt.Sprintf("H%.1fV%.1f", x(r.Week), y(r.Low))
		}
		if r.Week%weeksApart == 0 || i == len(list)-1 {
			c.Rows = append(c.Rows, Share{strconv.Itoa(r.Week), v.percent(r.Share), v.percent(r.Low), v.percent(r.High), strconv.Itoa(r.AtRisk)})
		}
		if r.Week%weeksApart == 0 {
			c.Weeks = append(c.Weeks, Tick{int(x(r.Week)), curveBottom + 22, strconv.Itoa(r.Week)})
		}
	}
	for i := len(list) - 1; i > 0; i-- { // back along the upper edge
		band += fmt.Sprintf("V%.1fH%.1f", y(list[i-1].High), x(list[i-1].Week))
	}
	c.Line, c.Band = line, band+"Z"
	for share := 0; share <= 100; share += 25 {
		c.Shares = append(c.Shares, Tick{curveLeft - 10, int(y(float64(share) / 100)), v.percent(float64(share) / 100)})
	}
	c.Says = Text(v.Lang, "treatment.curve_says", strconv.Itoa(last.Week), v.percent(last.Share), v.percent(last.Low), v.percent(last.High))
	return c
}
