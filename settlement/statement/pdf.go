package statement

import (
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/fasthold/fasthold/domain"
)

// The page, in millimetres: A4 with margins, and the columns of the lines, which
// together are as wide as what is between them.
const (
	margin, top, bottom = 18.0, 16.0, 20.0
	width               = 210 - 2*margin
	rowHeight           = 5.2
	lineHeight          = 4.0 // of what does not fit in one
)

var columns = [7]float64{22, 11, 20, 41, 26, 34, 20} // date, time, kind, branch and till, receipt, voucher, amount

// Colours, as red, green and blue: the text, what stands back, lines, and the shade
// behind every second row.
var (
	ink   = [3]int{28, 32, 38}
	muted = [3]int{98, 106, 116}
	rule  = [3]int{176, 184, 192}
	shade = [3]int{244, 246, 248}
)

// sheet is a statement being drawn.
type sheet struct {
	*fpdf.Fpdf
	statement Statement
	words     words
	rows      int
	listing   bool // the lines are being drawn: a new page begins with their heading
	branches  []string
	sums      map[string]Part
}

// PDF writes the statement on A4 pages. It holds the pages it draws, about 200 bytes
// a line, and no lines.
func PDF(w io.Writer, s Statement, lines Lines) error {
	p := &sheet{Fpdf: fpdf.New("P", "mm", "A4", ""), statement: s, words: s.words(), sums: map[string]Part{}}
	p.SetCatalogSort(true)
	made := time.Date(s.MadeOn.Year, s.MadeOn.Month, s.MadeOn.Day, 0, 0, 0, 0, time.UTC)
	p.SetCreationDate(made)
	p.SetModificationDate(made)
	p.SetProducer("Fasthold", true)
	p.SetTitle(p.words.title+" "+s.Number, true)
	p.SetAuthor(plane(s.Municipality), true)
	p.SetLang(s.Language)
	p.AddUTF8FontFromBytes("go", "", goregular.TTF)
	p.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	p.SetMargins(margin, top, margin)
	p.SetAutoPageBreak(true, bottom)
	p.AliasNbPages("{alle}")
	p.SetHeaderFunc(p.header)
	p.SetFooterFunc(p.footer)
	p.AddPage()
	p.facts()
	p.totals()
	if err := p.lines(lines); err != nil {
		return err
	}
	p.perBranch()
	p.contact()
	if err := p.Output(w); err != nil {
		return fmt.Errorf("write statement %s: %w", s.Number, err)
	}
	return nil
}

// write draws one text in a cell of the given width and leaves the place behind it; a
// text that is wider goes on below, on lines of the given height. It gives how high
// it is.
func (p *sheet) write(w, h, size float64, style string, colour [3]int, align, text string) float64 {
	p.SetFont("go", style, size)
	p.SetTextColor(colour[0], colour[1], colour[2])
	x, y := p.GetXY()
	lines := p.wrap(text, w-2*p.GetCellMargin())
	for i, line := range lines {
		p.SetXY(x, y+float64(i)*h)
		p.CellFormat(w, h, line, "", 0, align, false, 0, "")
	}
	p.SetXY(x+w, y)
	return float64(len(lines)) * h
}

// plane replaces what the library cannot write: letters beyond the first 65,536,
// which no Danish name has, and what is no letter at all.
func plane(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r == 0x7f:
			return ' '
		case r > 0xffff:
			return '?'
		default:
			return r
		}
	}, strings.ToValidUTF8(text, "?"))
}

// line draws a thin line across the page.
func (p *sheet) line(colour [3]int) {
	p.SetDrawColor(colour[0], colour[1], colour[2])
	p.SetLineWidth(0.25)
	p.Line(margin, p.GetY(), margin+width, p.GetY())
}

// header draws what each page begins with.
func (p *sheet) header() {
	if p.PageNo() > 1 {
		high := p.write(width*0.6, 5, 8, "", muted, "L", p.statement.Partner)
		p.write(width*0.4, 5, 8, "", muted, "R", p.words.title+" "+p.statement.Number)
		p.Ln(high + 3)
		if p.listing {
			p.heading()
		}
		return
	}
	title := p.words.title
	if p.statement.Draft {
		title = p.words.draftTitle
	}
	high := p.write(width*0.5, 9, 11, "B", muted, "L", p.statement.Municipality)
	p.Ln(max(high, p.write(width*0.5, 9, 19, "B", ink, "R", title)) + 3)
	p.line(ink)
	p.Ln(6)
}

// footer draws what each page ends with.
func (p *sheet) footer() {
	p.SetY(-14)
	p.write(width*0.7, 5, 8, "", muted, "L", p.statement.Municipality)
	p.write(width*0.3+8, 5, 8, "", muted, "R", fmt.Sprintf(p.words.page, p.PageNo()))
}

// facts draws whom the statement is for, and its particulars beside it.
func (p *sheet) facts() {
	y, left := p.GetY(), p.partner()
	p.SetY(y)
	for _, fact := range p.statement.facts(p.words) {
		if fact[1] == "" {
			continue
		}
		p.SetX(margin + 84)
		high := p.write(38, 5.4, 8.5, "", muted, "L", fact[0])
		p.Ln(max(high, p.write(width-84-38, 5.4, 9, "", ink, "L", fact[1])))
	}
	p.SetY(max(p.GetY(), left) + 5)
}

// partner draws whom the statement is for, and gives where that ends.
func (p *sheet) partner() float64 {
	p.write(80, 5, 8, "", muted, "L", p.words.to)
	p.Ln(5)
	p.Ln(p.write(80, 6, 12, "B", ink, "L", p.statement.Partner) + 0.5)
	p.write(80, 5, 9.5, "", ink, "L", "CVR "+p.statement.CVR)
	return p.GetY() + 6
}

// facts are the particulars of the statement, each with its label.
func (s Statement) facts(w words) [][2]string {
	facts := [][2]string{{w.number, s.Number}, {w.period, s.date(s.From) + " – " + s.date(s.To)}, {w.made, s.date(s.MadeOn)}, {w.payment, s.when(w)}}
	payer := s.Payer.Name
	if s.Payer.CVR != "" {
		payer += ", CVR " + s.Payer.CVR
	}
	if s.Method != domain.ByInvoice {
		return append(facts, [2]string{w.reference, s.Number}, [2]string{w.account, domain.FormatIBAN(s.IBAN)}, [2]string{w.payer, payer})
	}
	if s.Draft || s.nothing() || !s.Payment.PaidOn.IsZero() {
		return append(facts, [2]string{w.payer, payer})
	}
	return append(facts, [2]string{w.billTo, payer}, [2]string{"GLN", s.Payer.GLN}, [2]string{w.onInvoice, fmt.Sprintf(w.bears, s.Number)})
}

// totals draws what the statement comes to.
func (p *sheet) totals() {
	s, w := p.statement, p.words
	row := func(label, many, amount, style string, size, height float64) {
		p.SetX(margin + 2)
		p.write(92, height, size, style, ink, "L", label)
		p.write(34, height, 8.5, "", muted, "L", many)
		p.write(width-92-34-4, height, size, style, ink, "R", amount)
		p.Ln(height)
	}
	p.SetFillColor(shade[0], shade[1], shade[2])
	rows := 2.0
	if s.CarriedIn != 0 {
		rows++
	}
	p.Rect(margin, p.GetY(), width, 6+rows*6+11, "F")
	p.Ln(3)
	row(w.purchases, s.count(s.Redemptions.Lines, w.purchase, w.manyPurchases), s.money(s.Redemptions.Amount), "", 9.5, 6)
	row(w.reversals, s.count(s.Reversals.Lines, w.reversal, w.manyReversals), s.money(s.Reversals.Amount), "", 9.5, 6)
	if s.CarriedIn != 0 {
		row(w.carried, "", s.money(s.CarriedIn), "", 9.5, 6)
	}
	p.Ln(1)
	p.line(rule)
	p.Ln(1)
	row(s.sum(w), "", s.money(s.Total), "B", 13, 9)
	p.Ln(9)
}

// contact says whom to write to.
func (p *sheet) contact() {
	if p.statement.Contact == "" {
		return
	}
	p.Ln(6)
	p.write(width, 5, 8.5, "", muted, "L", fmt.Sprintf(p.words.questions, p.statement.Contact))
}
