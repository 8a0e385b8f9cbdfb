package code

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"strings"

	qrcode "github.com/skip2/go-qrcode"

	"github.com/fasthold/fasthold/domain"
)

// The pixels that a picture's side may have. At the least, a module is still a
// whole pixel; at the most, a picture is still drawn in milliseconds.
const (
	MinSize = 64
	MaxSize = 2048
)

// PNG draws the code as a QR code, size × size pixels, black on white. Modules
// are whole pixels; what is left over widens the white border, which is never
// less than the four modules that scanners need.
func (s Secret) PNG(size int) ([]byte, error) {
	if size < MinSize || size > MaxSize {
		return nil, domain.InvalidField("size", "out_of_range", "must be %d to %d pixels", MinSize, MaxSize)
	}
	modules, err := s.modules()
	if err != nil {
		return nil, err
	}
	scale := size / len(modules)
	margin := (size - scale*len(modules)) / 2
	img := image.NewPaletted(image.Rect(0, 0, size, size), color.Palette{color.White, color.Black})
	for y, row := range modules {
		for x, dark := range row {
			if dark {
				fill(img, margin+x*scale, margin+y*scale, scale)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("encode QR as PNG: %w", err)
	}
	return b.Bytes(), nil
}

// fill blackens a square.
func fill(img *image.Paletted, x, y, side int) {
	for row := y; row < y+side; row++ {
		at := img.PixOffset(x, row)
		for i := range side {
			img.Pix[at+i] = 1
		}
	}
}

// SVG draws the code as a QR code in one path, to be scaled at will. It has no
// width of its own and names itself "Gavekort" to who cannot see it.
func (s Secret) SVG() ([]byte, error) {
	modules, err := s.modules()
	if err != nil {
		return nil, err
	}
	return drawSVG(modules, "Gavekort"), nil
}

// LinkSVG is SVG for an address that a device opens. Title is what the picture
// is to who cannot see it, plain words of ours.
func LinkSVG(address, title string) ([]byte, error) {
	q, err := qrcode.New(address, qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("draw QR: %w", err)
	}
	return drawSVG(q.Bitmap(), title), nil
}

// drawSVG draws modules.
func drawSVG(modules [][]bool, title string) []byte {
	n := len(modules)
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" shape-rendering="crispEdges">`+
		`<title>%s</title><rect width="%d" height="%d" fill="#fff"/><path fill="#000" d="`, n, n, html.EscapeString(title), n, n)
	for y, row := range modules {
		for x := 0; x < n; x++ {
			run := 0
			for x+run < n && row[x+run] {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x, y, run, run)
				x += run
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes()
}

// modules gives the squares of the QR code with a border of four, true for
// dark. A Secret that is no code, such as a redacted one, is an error.
func (s Secret) modules() ([][]bool, error) {
	w, err := parse(string(s))
	if err != nil {
		return nil, errors.New("draw QR: the secret is not a voucher's code")
	}
	q, err := qrcode.New(w.qrText(), qrcode.Medium)
	if err != nil {
		return nil, fmt.Errorf("draw QR: %w", err)
	}
	return q.Bitmap(), nil // once only: a second call would encode what is already encoded
}

// qrText is what a scanner reads.
func (w word) qrText() string { return prefix + strings.ReplaceAll(w.text(), "-", "") }
