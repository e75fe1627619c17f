// One stream per visible tab. It carries only "order X, version N"; what changed is fetched and morphed in,
// so that the keyboard focus stays where it is. Missed signals cost nothing: the first connection hears what was told
// since the page was begun, every further one looks again.
import { keepOpened } from "./static:opened.js";

const part = document.querySelector("[data-live]");
const sign = document.querySelector(".live");
const told = document.querySelector("[data-told]");
const MERGE_MS = 250;
const CLOCKS_MS = 60000;
let stream = null;
let waiting = 0;
let first = true;

function look() {
  waiting = 0;
  if (!part.dataset.live) { return; }
  const before = part.textContent;
  htmx.ajax("GET", part.dataset.live + asked() + searched(), { target: part, source: part, swap: "morph:innerHTML" })
    .then(() => {
      const as = part.querySelector("[data-as-of]");
      if (as && sign) {
        sign.querySelector(".on").textContent = as.dataset.asOf;
        sign.querySelector(".again").textContent = as.dataset.again;
      }
      if (part.querySelector("[data-settled]")) { settle(); }
      if (told && part.textContent !== before) { told.textContent = ""; told.textContent = told.dataset.told; }
    })
    .catch(() => state("again"));
}

// A part in which somebody chooses something is fetched as it is looked at: the address says what was chosen.
function asked() {
  return part.dataset.asked === undefined ? "" : location.search;
}

// What was waited for is there: from now on somebody works on it, and nothing is swapped under their hands.
function settle() {
  delete part.dataset.live;
  close();
}

function searched() {
  const search = document.querySelector("[data-search]");
  return search && part.dataset.searched !== undefined ? `&q=${encodeURIComponent(search.value)}` : "";
}

function soon() {
  waiting ||= setTimeout(look, MERGE_MS);
}

function state(now) {
  if (sign) { sign.dataset.state = now; }
}

function open() {
  if (stream || document.hidden || !part.dataset.live) { return; }
  stream = new EventSource(`/events?since=${document.documentElement.dataset.began ?? 0}`);
  stream.addEventListener("open", () => { state("on"); if (!first) { soon(); } first = false; });
  stream.addEventListener("error", () => {
    state("again");
    // a browser gives up for good after some answers: begin anew
    if (stream && stream.readyState === EventSource.CLOSED) { close(); setTimeout(open, 3000); }
  });
  stream.addEventListener("card", (event) => {
    const only = part.dataset.order;
    const order = JSON.parse(event.data).order;
    if (!only || !order || only === order) { soon(); }
  });
}

function close() {
  if (stream) { stream.close(); stream = null; }
}

if (part) {
  keepOpened(part);
  open();
  part.addEventListener("htmx:beforeRequest", (event) => { // one that stood in line
    if (event.target === part && !part.dataset.live) { event.preventDefault(); }
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  setInterval(() => { if (!document.hidden) { soon(); } }, CLOCKS_MS);
}
