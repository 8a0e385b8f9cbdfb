package code

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

// scan reads a picture with a decoder that is none of ours.
func scan(t *testing.T, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	require.NoError(t, err)
	read, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	require.NoError(t, err)
	return read.GetText()
}

func TestPNG(t *testing.T) {
	t.Parallel()
	ring := testRing(t, 1)
	for i, size := range []int{MinSize, 65, 99, 131, 256, 300, 1000, MaxSize} {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			t.Parallel()
			secret, made := ring.Make(voucher(i))
			drawn, err := secret.PNG(size)
			require.NoError(t, err)
			img, err := png.Decode(bytes.NewReader(drawn))
			require.NoError(t, err)
			require.Equal(t, image.Rect(0, 0, size, size), img.Bounds())

			text := scan(t, img)
			require.Equal(t, "GK1:"+strings.ReplaceAll(secret.Reveal(), "-", ""), text)
			read, err := ring.Verify(text)
			require.NoError(t, err)
			require.Equal(t, made, read)
		})
	}
}

func TestPNGScansForManyCodes(t *testing.T) {
	t.Parallel()
	ring := testRing(t, 1, 31)
	for i := range 200 {
		secret, _ := ring.Make(voucher(i))
		drawn, err := secret.PNG(132)
		require.NoError(t, err)
		img, err := png.Decode(bytes.NewReader(drawn))
		require.NoError(t, err)
		require.Equal(t, "GK1:"+strings.ReplaceAll(secret.Reveal(), "-", ""), scan(t, img))
	}
}

func TestPNGRefusesSize(t *testing.T) {
	t.Parallel()
	secret, _ := testRing(t, 1).Make(voucher(1))
	for _, size := range []int{-1, 0, MinSize - 1, MaxSize + 1, 1 << 40} {
		_, err := secret.PNG(size)
		require.Equal(t, domain.Invalid, domain.KindOf(err))
		require.ErrorContains(t, err, "size: must be 64 to 2048 pixels")
	}
}

// What a Secret becomes after a detour over JSON must not be drawn.
func TestQRRefusesWhatIsNoCode(t *testing.T) {
	t.Parallel()
	for _, secret := range []Secret{"", redacted, "0000"} {
		_, err := secret.PNG(256)
		require.ErrorContains(t, err, "not a voucher's code")
		_, err = secret.SVG()
		require.ErrorContains(t, err, "not a voucher's code")
	}
}

func TestSVG(t *testing.T) {
	t.Parallel()
	secret, _ := testRing(t, 1).Make(voucher(1))
	drawn, err := secret.SVG()
	require.NoError(t, err)

	var svg struct {
		ViewBox string     `xml:"viewBox,attr"`
		Role    string     `xml:"role,attr"`
		Title   string     `xml:"title"`
		Paths   []struct { // exactly one
			D string `xml:"d,attr"`
		} `xml:"path"`
	}
	require.NoError(t, xml.Unmarshal(drawn, &svg))
	require.Equal(t, "0 0 33 33", svg.ViewBox)
	require.Equal(t, "img", svg.Role)
	require.Equal(t, "Gavekort", svg.Title)
	require.Len(t, svg.Paths, 1)
	require.Equal(t, "GK1:"+strings.ReplaceAll(secret.Reveal(), "-", ""), scan(t, rasterise(t, svg.Paths[0].D)))
	require.NotContains(t, strings.ToLower(string(drawn)), "fasthold")
}

// rasterise draws the runs of a path at four pixels a unit, and wants the
// border of four units to stay white.
func rasterise(t *testing.T, path string) image.Image {
	t.Helper()
	run := regexp.MustCompile(`^M(\d+) (\d+)h(\d+)v1h-(\d+)z`)
	const side, scale = 33, 4
	img := image.NewGray(image.Rect(0, 0, side*scale, side*scale))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for path != "" {
		m := run.FindStringSubmatch(path)
		require.NotNil(t, m, "unexpected path: %.40s", path)
		x, y, length := number(t, m[1]), number(t, m[2]), number(t, m[3])
		require.Equal(t, m[3], m[4])
		require.True(t, x >= 4 && y >= 4 && x+length <= side-4 && y < side-4, "quiet zone")
		for px := range length * scale {
			for py := range scale {
				img.SetGray(x*scale+px, y*scale+py, color.Gray{})
			}
		}
		path = path[len(m[0]):]
	}
	return img
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n
}
