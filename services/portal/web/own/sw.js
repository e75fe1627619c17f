// Keeps the phone's pages without anybody's name, and the files they need; gives them when there is no network.
const CACHE = "songjiao-phone";
const SHELL = "/my/shell";
const OURS = /^\/my\/(week|sessions\/[0-9a-f-]{36})$/;

async function keep() {
  const answer = await fetch(SHELL, { redirect: "manual", cache: "no-store" });
  if (!answer.ok) { return; }
  const cache = await caches.open(CACHE);
  const text = await answer.clone().text();
  const files = new Set([...text.matchAll(/\/static\/[\w.-]+/g)].map((found) => found[0]));
  for (const file of files) { if (!(await cache.match(file))) { await cache.add(file); } }
  await cache.put(SHELL, answer);
  for (const kept of await cache.keys()) {
    const path = new URL(kept.url).pathname;
    if (path !== SHELL && !files.has(path)) { await cache.delete(kept); }
  }
}

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => { if (event.data === "keep") { event.waitUntil(keep().catch(() => null)); } });

async function page(request) {
  try {
    const answer = await fetch(request);
    if (answer.status < 500) { return answer; }
  } catch { /* no network: below */ }
  return (await caches.match(SHELL)) ?? Response.error();
}

async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) { return; }
  if (event.request.mode === "navigate" && OURS.test(url.pathname)) { event.respondWith(page(event.request)); }
  if (url.pathname.startsWith("/static/")) { event.respondWith(file(event.request)); }
});
