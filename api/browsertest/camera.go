package browsertest

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// What the camera sees: pictures of this size, so many a second. A picture is held
// before it after a moment in which there is none.
const (
	cameraWidth, cameraHeight = 640, 480
	cameraEmpty, cameraFull   = 4, 12 // frames
	ink, desk, sheet          = 30, 150, 235
)

// Camera gives the browser a camera in front of which a picture is held, over and
// over. It is a video file in YUV4MPEG2, which Chromium takes for its camera.
func Camera(t testing.TB, held image.Image) chromedp.ExecAllocatorOption {
	t.Helper()
	path := filepath.Join(t.TempDir(), "camera.y4m")
	var video bytes.Buffer
	video.WriteString("YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n")
	for range cameraEmpty {
		video.Write(frame(nil))
	}
	for range cameraFull {
		video.Write(frame(held))
	}
	if err := os.WriteFile(path, video.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(a *chromedp.ExecAllocator) {
		chromedp.Flag("use-fake-device-for-media-stream", true)(a)
		chromedp.Flag("use-fake-ui-for-media-stream", true)(a)
		chromedp.Flag("use-file-for-fake-video-capture", path)(a)
	}
}

// frame is one picture of the camera: a grey desk, and on it what is held, a little
// to the side and in a light in which its white is not white.
func frame(held image.Image) []byte {
	y := bytes.Repeat([]byte{desk}, cameraWidth*cameraHeight)
	if held != nil {
		b := held.Bounds()
		for py := range b.Dy() {
			for px := range b.Dx() {
				seen := byte(sheet)
				if r, _, _, _ := held.At(b.Min.X+px, b.Min.Y+py).RGBA(); r < 1<<15 {
					seen = ink
				}
				y[(py+(cameraHeight-b.Dy())/3)*cameraWidth+px+(cameraWidth-b.Dx())/3] = seen
			}
		}
	}
	grey := bytes.Repeat([]byte{128}, cameraWidth*cameraHeight/2) // of both colours
	return bytes.Join([][]byte{[]byte("FRAME\n"), y, grey}, nil)
}
