// The timetable of a scheme: arrows walk its sessions, letters open what can be done to one. Everything it does
// is a link or a form of the page too.
const OFF = "songjiao-keys-off";
const ACTS = { p: "p", m: "m", x: "x", d: "d" };

function off() {
  try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
}

function blocks() {
  return [...document.querySelectorAll("[data-block]")].filter((block) => block.offsetParent !== null);
}

function nearest(from, all, towards) {
  const here = from.getBoundingClientRect();
  const away = (block) => {
    const there = block.getBoundingClientRect();
    return [there.left - here.left, there.top - here.top];
  };
  const ahead = { ArrowRight: ([x, y]) => x > 4 && Math.abs(y) < here.height, ArrowLeft: ([x, y]) => x < -4 && Math.abs(y) < here.height,
    ArrowDown: ([, y]) => y > 4, ArrowUp: ([, y]) => y < -4 }[towards];
  const side = towards === "ArrowUp" || towards === "ArrowDown";
  const cost = (block) => { const [x, y] = away(block); return side ? Math.abs(y) + Math.abs(x) * 2 : Math.abs(x); };
  return all.filter((block) => ahead(away(block))).sort((one, other) => cost(one) - cost(other))[0];
}

function walk(towards) {
  const all = blocks();
  const from = document.activeElement?.closest("[data-block]");
  const next = from ? nearest(from, all, towards) : all[0];
  if (!next) { return false; }
  next.focus();
  next.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}

function act(what) {
  const target = document.querySelector(`[data-act="${what}"]`);
  if (!target) { return false; }
  const opens = target.closest("details[data-opens]");
  if (opens) {
    opens.open = true;
    opens.querySelector("input:not([type=hidden]), select")?.focus();
    return true;
  }
  target.click();
  return true;
}

// A letter on a session that is not the chosen one chooses it first; the act follows when its side is there.
function on(what) {
  const block = document.activeElement?.closest("[data-block]");
  if (!block || block.getAttribute("aria-current")) { return act(what); }
  document.addEventListener("htmx:afterSettle", () => act(what), { once: true });
  block.click();
  return true;
}

function press(event) {
  const { key } = event;
  if (key.startsWith("Arrow")) {
    return document.activeElement?.closest("[data-block]") || event.target.closest?.(".tl-scroll") ? walk(key) : false;
  }
  if (key === "Escape") { const close = document.querySelector("[data-close]"); close?.click(); return Boolean(close); }
  return !off() && key in ACTS ? on(ACTS[key]) : false;
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, textarea, select") || event.altKey) { return; }
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "z" && act("undo")) { event.preventDefault(); }
    return;
  }
  if (press(event)) { event.preventDefault(); }
});

// The session that is chosen already is not asked for anew: what was opened and typed beside it stays.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches('[data-block][aria-current="true"]')) { event.preventDefault(); }
});

// What was opened at the foot of the page is brought into sight: it stands beneath the table, not over it.
document.addEventListener("toggle", (event) => {
  if (event.target.open && event.target.matches(".cb-back")) { event.target.closest(".cb").scrollIntoView({ block: "nearest" }); }
}, true);
