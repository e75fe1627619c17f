// Keys of a desk's pages; the help page lists them. One-letter keys can be switched off, per browser.
const OFF = "songjiao-keys-off";
const GO_MS = 1200;
let going = 0;

function off() {
  try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
}

function steps() {
  return [...document.querySelectorAll("[data-step]")].filter((step) => step.offsetParent !== null);
}

function walk(by) {
  const all = steps();
  const here = all.indexOf(document.activeElement);
  focus(all[Math.max(0, Math.min(all.length - 1, here + by))]);
}

function focus(step) {
  if (!step) { return; }
  step.focus({ preventScroll: true });
  (step.closest("[data-order], .st") ?? step).scrollIntoView({ block: "nearest", inline: "nearest" });
}

// To the card at the same height of the next lane that has one.
function across(by) {
  const lanes = [...document.querySelectorAll("[data-lane-of]")].filter((lane) => lane.querySelector("[data-step]"));
  const lane = document.activeElement.closest("[data-lane-of]");
  const next = lane ? lanes[lanes.indexOf(lane) + by] : lanes[0];
  if (!next) { return false; }
  const at = lane ? [...lane.querySelectorAll("[data-step]")].indexOf(document.activeElement) : 0;
  const cards = [...next.querySelectorAll("[data-step]")];
  focus(cards[Math.min(Math.max(0, at), cards.length - 1)]);
  return true;
}

function go(letter) {
  const link = document.querySelector(`[data-go="${letter}"]`);
  going = 0;
  if (link) { link.click(); }
  return Boolean(link);
}

// The next of the issues, the first after the last.
function issue() {
  const all = [...document.querySelectorAll("[data-issue]")];
  focus(all[(all.indexOf(document.activeElement) + 1) % all.length]);
  return all.length > 0;
}

function press(event) {
  const { key } = event;
  if (key === "ArrowRight" || key === "ArrowLeft") {
    const onBoard = document.activeElement.closest?.("[data-lane-of]");
    return onBoard ? across(key === "ArrowRight" ? 1 : -1) : false;
  }
  if (off()) { return false; }
  if (going && Date.now() - going < GO_MS) { return go(key); }
  if (key === "g") { going = Date.now(); return true; }
  if (key === "j" || key === "k") { walk(key === "j" ? 1 : -1); return true; }
  if (key === "n") { return issue(); }
  if (key === "?") { document.querySelector("[data-help]")?.click(); return true; }
  if (key === "/") {
    const search = document.querySelector("[data-search]");
    search?.focus();
    search?.select();
    return Boolean(search);
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea, select");
  if (event.key === "Escape" && typing) { event.target.blur(); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) { return; }
  if (press(event)) { event.preventDefault(); }
});

const turn = document.querySelector("[data-keys-switch]");
if (turn) {
  const say = () => { turn.textContent = off() ? turn.dataset.on : turn.dataset.off; };
  turn.addEventListener("click", () => { localStorage.setItem(OFF, off() ? "0" : "1"); say(); });
  turn.hidden = false;
  say();
}
function printing() {
  const print = document.querySelector("[data-print]");
  if (print) { print.hidden = false; print.onclick = () => window.print(); }
}

printing();
document.addEventListener("htmx:afterSettle", printing);
document.documentElement.dataset.keys = "on"; // the keys are listening

// On a phone the ways are a bar that is swiped: where somebody is stands in sight.
const here = document.querySelector(".sh-rail [aria-current]");
if (here) { here.parentElement.scrollLeft = here.offsetLeft - (here.parentElement.clientWidth - here.offsetWidth) / 2; }
