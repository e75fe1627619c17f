// What a phone keeps of sessions: the roster while it is needed, and acts until the server has named each.
// Only what an answer names goes; a request whose answer was lost is sent again and changes nothing.
const HOLDS_MS = 48 * 3600 * 1000;
const MOST = 500;
let opened = null;

export function store() {
  opened ??= idb.openDB("songjiao", 1, {
    upgrade(base) {
      base.createObjectStore("weeks", { keyPath: "id" });
      base.createObjectStore("sheets", { keyPath: "id" });
      base.createObjectStore("opens", { keyPath: "id" });
      base.createObjectStore("ends", { keyPath: "id" });
      base.createObjectStore("acts", { keyPath: "act_id" }).createIndex("session", "session");
    },
  });
  return opened;
}

// A UUID that sorts by time (version 7), as the services make them.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let at = Date.now();
  for (let i = 5; i >= 0; i -= 1) { bytes[i] = at % 256; at = Math.floor(at / 256); }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

async function actsOf(session) {
  return (await store()).getAllFromIndex("acts", "session", session);
}

export async function sheetOf(session) {
  return (await store()).get("sheets", session);
}

async function endOf(session) {
  return (await store()).get("ends", session);
}

// The roster, the acts and the end as they are at one moment: what is sent goes from the queue into the roster at once.
export async function keptOf(session) {
  const tx = (await store()).transaction(["sheets", "acts", "ends"]);
  const [sheet, acts, end] = await Promise.all([
    tx.objectStore("sheets").get(session), tx.objectStore("acts").index("session").getAll(session), tx.objectStore("ends").get(session),
  ]);
  return { sheet, acts, end };
}

// `shift`: from this phone's clock to the services'; `off`: how wrong this phone's clock is (s).
export async function keepSheet(told) {
  const here = Date.now();
  const tx = (await store()).transaction(["sheets", "opens"], "readwrite");
  const before = await tx.objectStore("sheets").get(told.id);
  const state = await tx.objectStore("opens").get(told.id) && told.state === "planned" ? "open" : told.state;
  const shift = told.now ? Date.parse(told.now) - here : before?.shift ?? 0;
  const off = Math.round((Date.parse(told.real) - here) / 1000) || 0;
  await tx.objectStore("sheets").put({ ...before, ...told, state, shift, off });
  await tx.done;
}

export async function fetchSheet(session) {
  const answer = await fetch(`/my/sessions/${session}/sheet`, { redirect: "manual", cache: "no-store" });
  if (!answer.ok) { throw new Error(answer.type === "opaqueredirect" ? "login" : `status ${answer.status}`); }
  await keepSheet(await answer.json());
}

export async function signIn(session, worker, way) {
  const sheet = await sheetOf(session);
  const at = new Date(Date.now() + sheet.shift).toISOString();
  await (await store()).put("acts", {
    act_id: newId(), session, worker_id: worker.worker_id, name: worker.name, at, way, clock_offset: sheet.off,
  });
}

export async function openLater(session) {
  const tx = (await store()).transaction(["sheets", "opens"], "readwrite");
  await tx.objectStore("opens").put({ id: session });
  const sheet = await tx.objectStore("sheets").get(session);
  if (sheet) { await tx.objectStore("sheets").put({ ...sheet, state: "open", open_why: "" }); }
  await tx.done;
}

export async function closeLater(session, text, left, more = {}) {
  await (await store()).put("ends", { id: session, text, left, at: Date.now(), ...more });
}

export async function settle(act) {
  await (await store()).delete("acts", act);
}

// Everything of one session that nobody has answered yet; true when something was sent. What is to be tried later
// is an error, as no network is one.
export async function send(session) {
  const base = await store();
  const open = await base.get("opens", session);
  const end = await base.get("ends", session);
  const acts = (await actsOf(session)).filter((act) => !act.why).slice(0, MOST);
  const closing = end && !end.why;
  if (!open && !acts.length && !closing) { return false; }
  const body = {
    open: Boolean(open), close: closing ? end.text : null,
    closed_ago: closing && end.at ? Math.max(0, Math.round((Date.now() - end.at) / 1000)) : null, left: (closing && end.left) || "",
    ...(closing ? { incidents: end.incidents ?? [], incident_text: end.incident_text ?? "", materials: end.materials ?? [] } : {}),
    acts: acts.map(({ act_id, worker_id, at, way, clock_offset }) => ({ act_id, worker_id, at, way, clock_offset })),
  };
  const answer = await fetch(`/my/sessions/${session}/sync`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), redirect: "manual",
  });
  if (!answer.ok) { throw new Error(answer.type === "opaqueredirect" ? "login" : `status ${answer.status}`); }
  const told = await answer.json();
  await take(session, told, end);
  if (told.wrong || told.open?.lasts || told.close?.lasts) { throw new Error("away"); }
  return true;
}

async function take(session, told, end) {
  const base = await store();
  const tx = base.transaction(["acts", "opens", "ends", "sheets"], "readwrite");
  const taken = new Map();
  for (const each of told.acts) {
    const act = await tx.objectStore("acts").get(each.id);
    if (each.outcome !== "refused") {
      if (act) { taken.set(act.worker_id, act); }
      await tx.objectStore("acts").delete(each.id);
    } else if (act) {
      await tx.objectStore("acts").put({ ...act, why: each.why });
    }
  }
  await signedOn(tx.objectStore("sheets"), session, taken);
  if (told.open && !told.open.lasts) {
    await tx.objectStore("opens").delete(session);
    const sheet = await tx.objectStore("sheets").get(session);
    if (sheet) { await tx.objectStore("sheets").put({ ...sheet, open_why: told.open.why }); }
  }
  if (told.close?.done) {
    await tx.objectStore("ends").delete(session);
    const sheet = await tx.objectStore("sheets").get(session);
    if (sheet) { await tx.objectStore("sheets").put({ ...sheet, state: "closed" }); }
  } else if (told.close && !told.close.lasts) {
    await tx.objectStore("ends").put({ ...end, why: told.close.why });
  }
  await tx.done;
}

// The network may go before the roster comes again: who was taken stands on the one that is kept.
async function signedOn(sheets, session, taken) {
  const sheet = await sheets.get(session);
  if (!sheet || !taken.size) { return; }
  const rows = sheet.rows.map((one) => {
    const act = taken.get(one.worker_id);
    return act && !one.signed_in ? { ...one, signed_in: true, signed_at: act.at, way: act.way } : one;
  });
  await sheets.put({ ...sheet, rows });
}

// Names go when the session is taken, or 48 hours after its end.
export async function wipe() {
  const base = await store();
  for (const sheet of await base.getAll("sheets")) {
    const over = Date.now() + sheet.shift > Date.parse(sheet.ends) + HOLDS_MS;
    const waits = (await actsOf(sheet.id)).length + Number(Boolean(await endOf(sheet.id)));
    const taken = !["planned", "open"].includes(sheet.state) && !waits;
    if (over || taken) {
      await base.delete("sheets", sheet.id);
      for (const act of await actsOf(sheet.id)) { await base.put("acts", { ...act, name: "" }); }
    }
  }
}
