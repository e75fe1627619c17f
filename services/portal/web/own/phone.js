// The phone's pages: kept for the time without a network; the week from what the phone keeps.
import { fetchSheet, openLater, store, wipe } from "./static:queue.js";

const NEXT = 3; // rosters kept ahead
const part = document.querySelector("[data-week]");

function filled(template, lesson) {
  const made = template.content.firstElementChild.cloneNode(true);
  for (const place of made.querySelectorAll("[data-f]")) { place.textContent = lesson[place.dataset.f] ?? ""; }
  made.querySelector("a").href = `/my/sessions/${lesson.id}`;
  return made;
}

async function fromThePhone() {
  const lessons = (await (await store()).get("weeks", "mine"))?.lessons ?? [];
  const first = lessons.find((one) => one.state === "opened") ?? lessons[0];
  part.hidden = false;
  if (first) { part.querySelector("[data-first]").replaceChildren(filled(part.querySelector("[data-card]"), first)); }
  const others = lessons.filter((one) => one !== first);
  part.querySelector("[data-others]").replaceChildren(
    ...others.map((one) => filled(part.querySelector("[data-line]"), one)),
  );
}

async function keepAhead() {
  const lessons = JSON.parse(part.dataset.week);
  await (await store()).put("weeks", { id: "mine", lessons });
  for (const one of lessons.slice(0, NEXT)) { await fetchSheet(one.id).catch(() => null); }
}

// Without a network a form cannot be sent: the session is opened on the phone, and told later.
for (const form of part?.querySelectorAll("[data-open]") ?? []) {
  form.addEventListener("submit", async (event) => {
    if (navigator.onLine) { return; }
    event.preventDefault();
    await openLater(form.dataset.open);
    location.href = `/my/sessions/${form.dataset.open}`;
  });
}

async function begin() {
  navigator.storage?.persist?.(); // some browsers ask the person: not waited for
  if (navigator.serviceWorker) {
    await navigator.serviceWorker.register("/sw.js");
    (await navigator.serviceWorker.ready).active.postMessage("keep");
  }
  await wipe();
  const shell = location.pathname === "/my/week" && part?.hidden;
  if (shell) {
    document.querySelector("[data-net]").hidden = false;
    await fromThePhone();
  } else if (part && !part.hidden) {
    await keepAhead();
  }
  document.documentElement.dataset.kept = "on"; // everything that is needed without a network is here
}

begin().catch(() => { document.querySelector("[data-net]").hidden = false; });
