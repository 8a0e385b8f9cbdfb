// The camera of a till: it looks for a QR code until it has found one, or is closed.
// Browsers that read codes themselves do it; else jsQR does.

const between = 120; // ms from one look to the next
const widest = 800; // pixels in which jsQR looks: more is slow on an old phone

let stream;
let box;

/** Opens the camera in a box, and gives what it reads to take, until that is true. */
export async function open(where, take) {
  close();
  box = where;
  const video = box.querySelector("video");
  stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
  const mine = stream;
  video.srcObject = mine;
  box.querySelector("[data-open]").hidden = true;
  box.querySelector(".finder").hidden = false;
  box.querySelector("[data-close]").focus();
  light(mine.getVideoTracks()[0]);
  await video.play();
  const read = await reader();
  const look = async () => {
    if (stream !== mine) return;
    const text = video.readyState < 2 ? "" : await read(video).catch(() => "");
    if (stream === mine && !(text && take(text))) setTimeout(look, between);
  };
  look();
}

/** Closes it. */
export function close() {
  if (!stream) return;
  for (const track of stream.getTracks()) track.stop();
  stream = null;
  box.querySelector(".finder").hidden = true;
  box.querySelector("[data-open]").hidden = false;
}

/** Shows the button for the phone's light, where there is one. */
function light(track) {
  const button = box.querySelector("[data-torch]");
  button.hidden = !(track.getCapabilities && track.getCapabilities().torch);
  button.setAttribute("aria-pressed", "false");
  button.onclick = async () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    await track.applyConstraints({ advanced: [{ torch: on }] });
    button.setAttribute("aria-pressed", on);
  };
}

/** Gives what reads a code from a picture of the video; "" where there is none. */
async function reader() {
  const formats = window.BarcodeDetector ? await BarcodeDetector.getSupportedFormats().catch(() => []) : [];
  if (!formats.includes("qr_code")) return decoder();
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  let ours;
  return async (video) => {
    if (ours) return ours(video);
    try {
      const [found] = await detector.detect(video);
      return found ? found.rawValue : "";
    } catch (error) {
      ours = await decoder(); // some phones say that they read codes, and cannot
      return "";
    }
  };
}

/** Gives the same by jsQR. */
async function decoder() {
  const { default: jsQR } = await import("/static/jsqr.js");
  const canvas = document.createElement("canvas");
  const picture = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, widest / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    picture.drawImage(video, 0, 0, canvas.width, canvas.height);
    const found = jsQR(picture.getImageData(0, 0, canvas.width, canvas.height).data, canvas.width, canvas.height, { inversionAttempts: "dontInvert" });
    return found ? found.data : "";
  };
}
