// The sign-in page: a code that changes every 15 seconds, the roster, the queue; the same with and without a network.
import { closeLater, fetchSheet, keepSheet, keptOf, openLater, send, settle, sheetOf, signIn, wipe } from "./static:queue.js";
import { generate } from "./static:lean-qr.js";

const SYNC_MS = 15000;
const root = document.querySelector("[data-sign]");
const session = root?.dataset.sign || /^\/my\/sessions\/([0-9a-f-]{36})$/.exec(location.pathname)?.[1];
const find = (name, within = root) => within.querySelector(name);
let key = null;
let shown = "";
let sending = false;
let again = false;
let painting = Promise.resolve();
const rowsOf = new WeakMap();

function bytesOf(hex) {
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}

async function codeAt(sheet, number) {
  const body = new Uint8Array(20);
  body.set(bytesOf(sheet.id.replaceAll("-", "")));
  new DataView(body.buffer).setUint32(16, number);
  const secret = Uint8Array.from(atob(sheet.secret), (c) => c.charCodeAt(0));
  key ??= await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const proof = new Uint8Array(await crypto.subtle.sign("HMAC", key, body)).slice(0, 10);
  return btoa(String.fromCharCode(...body, ...proof)).replaceAll("+", "-").replaceAll("/", "_");
}

function draw(address) {
  const code = generate(address);
  let path = "";
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) { if (code.get(x, y)) { path += `M${x} ${y}h1v1h-1z`; } }
  }
  const picture = find("[data-qr]");
  picture.setAttribute("viewBox", `-2 -2 ${code.size + 4} ${code.size + 4}`);
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawn.setAttribute("d", path);
  picture.replaceChildren(drawn);
}

async function tick() {
  const sheet = await sheetOf(session);
  if (!sheet?.secret || sheet.state !== "open" || !crypto.subtle) { return; }
  const seconds = Math.floor((Date.now() + sheet.shift) / 1000);
  const address = `${location.origin}/s/${await codeAt(sheet, Math.floor(seconds / sheet.seconds))}`;
  if (address !== shown) {
    shown = address;
    draw(address);
    find("[data-qr]").dataset.address = address;
    find("[data-way]")?.setAttribute("href", address);
  }
  find("[data-left]").textContent = root.dataset.expires.replace("{n}", sheet.seconds - (seconds % sheet.seconds));
  find("[data-code]").hidden = false;
}

function row(template, name, change) {
  const made = find(template).content.firstElementChild.cloneNode(true);
  find("[data-name]", made).textContent = name;
  change(made);
  return made;
}

// One after the other: what was read before a tap must not be drawn after it.
function render() {
  painting = painting.then(paint, paint);
  return painting;
}

async function paint() {
  const { sheet, acts, end } = await keptOf(session);
  if (!sheet) { return; }
  const waiting = new Map(acts.filter((act) => !act.why).map((act) => [act.worker_id, act]));
  const here = (one) => one.signed_in || waiting.has(one.worker_id);
  const rows = [...sheet.rows].sort((a, b) => here(a) - here(b));
  const absent = rows.filter((one) => !here(one));
  for (const place of root.querySelectorAll("[data-f]")) { place.textContent = sheet[place.dataset.f] ?? ""; }
  const counts = { in: rows.length - absent.length, out: absent.length, queue: waiting.size };
  for (const place of root.querySelectorAll("[data-count]")) { place.textContent = counts[place.dataset.count]; }
  const state = ["planned", "open"].includes(sheet.state) ? sheet.state : "closed";
  for (const place of root.querySelectorAll("[data-when]")) { place.hidden = place.dataset.when !== state; }
  root.dataset.state = state;
  find("[data-absent]").textContent = absent.map((one) => one.name).join(" ");
  drawRows(rows, here, waiting, acts);
  const at = Date.now() + sheet.shift;
  const early = at < Date.parse(sheet.opens_at);
  find("[data-early]").hidden = !early;
  find("[data-open]").hidden = early;
  find("[data-open-why]").hidden = early || !sheet.open_why;
  find("[data-not-over]").hidden = !(at < Date.parse(sheet.closes_at));
  find("[data-end]").hidden = !end;
  if (end?.why) { find("[data-end-words]").textContent = end.why; }
}

// Only the rows that differ are touched: nobody's button is taken away under a finger.
function setRows(list, rows) {
  const before = rowsOf.get(list) ?? new Map();
  const now = new Map(rows.map(([as, make]) => [as, before.get(as) ?? make()]));
  const wanted = new Set(now.values());
  for (const each of [...list.children]) { if (!wanted.has(each)) { each.remove(); } }
  [...wanted].forEach((each, n) => { if (list.children[n] !== each) { list.insertBefore(each, list.children[n] ?? null); } });
  rowsOf.set(list, now);
}

// With what is known of them: excused, gone before the end, of another class.
function called(one) {
  return one.note ? `${one.name} · ${one.note}` : one.name;
}

function rowIn(one, waits) {
  return row("[data-row-in]", called(one), (made) => {
    const how = find("[data-how]", made);
    how.textContent = waits ? root.dataset.toSend : root.dataset.signed;
    how.className = waits ? "tg amber" : "tg green";
  });
}

function rowMissing(one) {
  return row("[data-row]", called(one), (made) => {
    made.dataset.worker = one.worker_id;
    const button = find("[data-here]", made);
    button.setAttribute("aria-label", `${button.textContent} ${one.name}`);
    button.addEventListener("click", async () => { await signIn(session, one, "roll_call"); await render(); sync(); });
  });
}

function rowRefused(act) {
  return row("[data-row-refused]", act.name, (made) => {
    find("[data-why]", made).textContent = act.why;
    find("[data-settle]", made).addEventListener("click", async () => { await settle(act.act_id); await render(); });
  });
}

function drawRows(rows, here, waiting, acts) {
  const focus = document.activeElement?.closest?.("[data-worker]")?.dataset.worker;
  setRows(find("[data-rows]"), rows.map((one) => {
    const waits = waiting.has(one.worker_id);
    const make = () => (here(one) ? rowIn(one, waits) : rowMissing(one));
    return [JSON.stringify([one.worker_id, called(one), Boolean(here(one)), waits]), make];
  }));
  if (focus && !document.activeElement?.closest?.("[data-worker]")) {
    (find(`[data-worker="${focus}"] button`) ?? find("[data-here]"))?.focus({ preventScroll: true });
  }
  const refused = find("[data-refused]");
  setRows(refused, acts.filter((act) => act.why).map((act) => [JSON.stringify([act.act_id, act.why]), () => rowRefused(act)]));
  refused.hidden = !refused.children.length;
}

function told(problem) {
  const login = problem?.message === "login";
  document.querySelector("[data-net]").hidden = !problem || login;
  document.querySelector("[data-login]").hidden = !login;
  document.querySelector("[data-again]").href = `/login?back=${location.pathname}`;
}

async function sync() {
  if (sending) { again = true; return; }
  sending = true;
  again = false;
  try {
    while (await send(session)) { await render(); }
    const sheet = await sheetOf(session);
    if (!sheet || ["planned", "open"].includes(sheet.state)) { await fetchSheet(session); }
    told(null);
  } catch (problem) {
    told(problem);
  } finally {
    sending = false;
  }
  await render();
  if (again) { sync(); return; }
  const sheet = await sheetOf(session);
  if (sheet && !["planned", "open"].includes(sheet.state)) { await wipe(); }
}

function reportOf(form) {
  const taps = [...form.querySelectorAll("input[type=radio]:checked")].map((tap) => tap.dataset.words);
  const words = form.elements.text.value.trim();
  return [...taps, ...(words ? [words] : [])].join(document.documentElement.lang === "en" ? "; " : "；");
}

function moreOf(form) {
  const materials = [...form.querySelectorAll("[data-material]")]
    .map((field) => ({ material: field.name, count: Number(field.value) })).filter((one) => Number.isInteger(one.count) && one.count > 0);
  return {
    incidents: [...form.querySelectorAll("[name=incident]:checked")].map((box) => box.value),
    incident_text: form.elements.incident_text.value.trim(), materials,
  };
}

async function begin() {
  root.hidden = false;
  for (const form of root.querySelectorAll("[data-open]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await openLater(session);
      await render();
      sync();
    });
  }
  find("[data-close]").addEventListener("submit", async (event) => {
    event.preventDefault();
    await closeLater(session, reportOf(event.target), event.target.elements.left.value, moreOf(event.target));
    await render();
    sync();
  });
  if (root.dataset.sheet) {
    await keepSheet(JSON.parse(root.dataset.sheet));
    await render();
    await tick();
  }
  await sync();
  if (!(await sheetOf(session)) && !root.dataset.sign) {
    root.hidden = true;
    document.querySelector("[data-nothing]").hidden = false;
  }
  await tick();
  setInterval(tick, 1000);
  setInterval(sync, SYNC_MS);
  window.addEventListener("online", sync);
  window.addEventListener("offline", () => told(new Error("offline")));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { sync(); bright(); } });
  bright();
  document.documentElement.dataset.sign = "on"; // taps are taken by the script
}

// The screen stays on while people scan.
function bright() {
  navigator.wakeLock?.request("screen").catch(() => null);
}

if (root && session) { begin(); }
