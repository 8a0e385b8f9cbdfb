// Reads aloud what a page shows and marks with data-say, when it is asked to, and stops when
// asked again. Only a voice that lives on the device is used: others send what they
// read to somebody. Without one, there is no button.

const place = document.querySelector("[data-speak]");
const speech = window.speechSynthesis;

/** A voice of the page's language; undefined when the device has none. */
function voice() {
  return speech.getVoices().find((each) => each.localService && each.lang.split(/[-_]/)[0].toLowerCase() === document.documentElement.lang);
}

let speaking = false;
function shows(now) {
  speaking = now;
  for (const text of place.querySelectorAll("[data-speaking]")) text.hidden = (text.dataset.speaking === "yes") !== now;
}

function stop() {
  shows(false);
  speech.cancel();
}

/** Begins to read, one sentence after the other: a long one is cut off by some browsers. */
function start() {
  speech.cancel();
  shows(true);
  const sentences = [...document.querySelectorAll("[data-say]:not(details:not([open]) [data-say])")].map((part) => part.innerText.replace(/\s+/g, " ").trim());
  sentences.forEach((sentence, i) => {
    const said = new SpeechSynthesisUtterance(sentence);
    said.voice = voice();
    said.lang = said.voice.lang;
    said.rate = 0.9;
    if (i === sentences.length - 1) said.onend = () => shows(false);
    said.onerror = () => shows(false);
    speech.speak(said);
  });
}

function offer() {
  place.hidden = !voice();
}

if (place && speech) {
  offer();
  speech.addEventListener("voiceschanged", offer); // some browsers find their voices late
  place.querySelector("button").addEventListener("click", () => (speaking ? stop() : start()));
  document.addEventListener("visibilitychange", () => document.hidden && speaking && stop());
  addEventListener("pagehide", () => speaking && stop());
}
