package statement

import "strings"

// heading draws that of the lines.
func (p *sheet) heading() {
	w := p.words
	high := rowHeight
	for i, text := range [7]string{w.date, w.clock, w.kind, w.branch + ", " + strings.ToLower(w.till), w.receipt, w.voucher, w.amount} {
		high = max(high, p.write(columns[i], rowHeight, 8, "B", muted, align(i), text))
	}
	p.Ln(high + 0.8)
	p.line(rule)
	p.Ln(0.8)
}

// align puts the last column to the right.
func align(column int) string {
	if column == len(columns)-1 {
		return "R"
	}
	return "L"
}

// lines draws every line, and adds them up by branch.
func (p *sheet) lines(lines Lines) error {
	s := p.statement
	if s.Redemptions.Lines+s.Reversals.Lines == 0 {
		p.write(width, rowHeight, 9, "", muted, "L", p.words.none)
		p.Ln(rowHeight)
		return s.checked(lines, func(Line) error { return nil })
	}
	p.heading()
	p.listing = true
	day := "02-01-2006"
	if s.Language == English {
		day = "2 Jan 2006"
	}
	err := s.checked(lines, func(l Line) error {
		at, place := l.At.In(s.Zone), l.Till
		if l.Branch != "" {
			place = l.Branch + ", " + l.Till
		}
		p.row([7]string{at.Format(day), at.Format("15:04"), s.kind(l), place, l.Receipt, l.Serial, s.number(l.Amount)})
		sum, known := p.sums[l.Branch]
		if !known {
			p.branches = append(p.branches, l.Branch)
		}
		p.sums[l.Branch] = Part{sum.Lines + 1, sum.Amount + l.Amount}
		return p.Error()
	})
	p.listing = false
	return err
}

// row draws one line, every second one on a shade; what is wider than its column goes
// on below.
func (p *sheet) row(cells [7]string) {
	p.SetFont("go", "", 8)
	high := rowHeight
	for i, cell := range cells {
		high = max(high, rowHeight+float64(len(p.wrap(cell, columns[i]-2*p.GetCellMargin()))-1)*lineHeight)
	}
	if p.GetY()+high > 297-bottom {
		p.AddPage()
	}
	if p.rows++; p.rows%2 == 0 {
		p.SetFillColor(shade[0], shade[1], shade[2])
		p.Rect(margin, p.GetY(), width, high, "F")
	}
	y := p.GetY() + (rowHeight-lineHeight)/2
	p.SetY(y)
	for i, cell := range cells {
		p.write(columns[i], lineHeight, 8, "", ink, align(i), cell)
	}
	p.SetY(y - (rowHeight-lineHeight)/2 + high)
}

// perBranch draws what each branch sold for, when there are several.
func (p *sheet) perBranch() {
	if len(p.branches) < 2 {
		return
	}
	const height = 5.4
	if p.GetY()+6+height*4 > 297-bottom { // the heading does not stand alone
		p.AddPage()
	}
	p.Ln(6)
	p.write(width, height, 8, "B", muted, "L", p.words.perBranch)
	p.Ln(height + 0.8)
	p.line(rule)
	p.Ln(0.8)
	for _, branch := range p.branches {
		if p.GetY()+height > 297-bottom {
			p.AddPage()
		}
		sum, name := p.sums[branch], branch
		if name == "" {
			name = p.words.noBranch
		}
		high := p.write(110, height, 8.5, "", ink, "L", name)
		p.write(width-110, height, 8.5, "", ink, "R", p.statement.number(sum.Amount))
		p.Ln(high)
	}
}
