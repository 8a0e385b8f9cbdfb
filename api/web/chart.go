package web

import (
	"fmt"
	"strings"
)

// Steps is a chart of what adds up with each attendance, drawn by the server. A
// table beside it says the same.
type Steps struct {
	Title, Says string
	Line, Area  string // paths of an SVG
	Across, Up  []Tick
	Ends        Tick // where the line ends, and what it has come to
}

// Tick is a mark on a chart's axis.
type Tick struct {
	X, Y int
	Text string
}

// Where a chart is drawn in its box of 440 × 240.
const (
	chartLeft, chartRight = 74, 420
	chartTop, chartBottom = 24, 200
)

// step is a point of a chart: from that attendance on, so much.
type step struct {
	visit int
	total int64
}

// steps draws a chart; the amounts are written by amount.
func steps(v View, points []step, amount func(int64) string) Steps {
	last := points[len(points)-1]
	unit := stride(last.total)
	most := (last.total + unit - 1) / unit * unit
	x := func(visit int) int {
		return chartLeft + (chartRight-chartLeft)*visit/(last.visit+max(1, last.visit/12))
	}
	y := func(total int64) int {
		return chartBottom - int(int64(chartBottom-chartTop)*total/most)
	}
	var line strings.Builder
	fmt.Fprintf(&line, "M%d %d", chartLeft, chartBottom)
	for _, p := range points {
		fmt.Fprintf(&line, "H%dV%d", x(p.visit), y(p.total))
	}
	fmt.Fprintf(&line, "H%d", chartRight) // where it stays
	s := Steps{Line: line.String(), Area: fmt.Sprintf("%sV%dZ", line.String(), chartBottom), Ends: Tick{chartRight, y(last.total) - 8, amount(last.total)}}
	for total := int64(0); total <= most; total += unit {
		s.Up = append(s.Up, Tick{chartLeft, y(total), amount(total)})
	}
	every := int(stride(int64(last.visit)))
	for visit := 0; visit <= last.visit; visit += every {
		s.Across = append(s.Across, Tick{x(visit), chartBottom, fmt.Sprint(visit)})
	}
	s.Title = Text(v.Lang, "rules.chart")
	s.Says = Text(v.Lang, "rules.chart_says", amount(last.total), fmt.Sprint(last.visit))
	return s
}

// stride is a round number that goes about four times into a total.
func stride(total int64) int64 {
	unit := int64(1)
	for {
		for _, each := range []int64{1, 2, 5} {
			if each*unit*5 >= total {
				return each * unit
			}
		}
		unit *= 10
	}
}
