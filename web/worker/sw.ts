/**
 * The service worker: keeps the shell, so that TaskFlow opens without a network.
 * Tasks are no business of its own: the app keeps them in IndexedDB and `/api` is never cached.
 */
// oxlint-disable-next-line unicorn/require-module-specifiers -- makes this a module, where `self` can be typed
export {};
declare const self: ServiceWorkerGlobalScope;

/** Replaced by the build with the list of the shell's files, so that a new build is a new worker. */
const shell = JSON.parse("__PRECACHE__") as string[];
const cacheName = `taskflow-shell-${fingerprint(shell.join("\n"))}`;
const navigationTimeoutMs = 3000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll([askForPage("/"), ...shell]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldShells().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && isScreen(url.pathname)) event.respondWith(page(request));
  else if (url.pathname.startsWith("/assets/") || shell.includes(url.pathname)) event.respondWith(file(request));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openTask((event.notification.data as { taskId: string | null } | null)?.taskId ?? null));
});

/** In the tab the user was at last, or in a new one. */
async function openTask(taskId: string | null): Promise<void> {
  const [tab] = await self.clients.matchAll({ type: "window" });
  if (tab === undefined) {
    await self.clients.openWindow(taskId === null ? "/today" : `/today?task=${taskId}`);
    return;
  }
  await tab.focus();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a client is of this origin, and its postMessage takes none
  if (taskId !== null) tab.postMessage({ kind: "open-task", taskId });
}

/** Addresses of the app itself; the API, its reference page and the like belong to the server. */
function isScreen(pathname: string): boolean {
  return /^\/(today|upcoming|all|series|completed|trash|activity|statistics|notifications|settings(?:\/notifications)?|login|register)?$/.test(
    pathname,
  );
}

/** The same address answers programs with JSON: a page has to be asked for. */
function askForPage(url: string): Request {
  return new Request(url, { headers: { accept: "text/html" } });
}

/** The newest page when the server answers soon, the kept one otherwise. */
async function page(request: Request): Promise<Response> {
  try {
    const answer = await fetch(askForPage(request.url), { signal: AbortSignal.timeout(navigationTimeoutMs) });
    if (answer.ok) return answer;
  } catch {
    // Offline or too slow: the kept page opens at once.
  }
  return (await caches.match("/", { cacheName, ignoreVary: true })) ?? fetch(request);
}

/** Built files carry a hash in their name: once kept, they never change. */
async function file(request: Request): Promise<Response> {
  const kept = await caches.match(request, { cacheName });
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    const cache = await caches.open(cacheName);
    await cache.put(request, answer.clone());
  }
  return answer;
}

async function dropOldShells(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith("taskflow-shell-") && name !== cacheName).map((name) => caches.delete(name)),
  );
}

/** FNV-1a, 32 bit: names the cache by its content. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(16);
}
