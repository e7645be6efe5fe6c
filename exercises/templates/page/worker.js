{% load static %}// Keeps the frame of the page, scripts, styles and pictures of exercises, so that it opens without a
// network. No answer with a name or a number of anybody is kept here.
const CACHE = "hep-page-{{ version }}";
const SHELL = "{% url 'page-shell' %}";
// Our answers say by what they vary, which a kept copy does not.
const LOOSE = { ignoreVary: true };
const FRAME = {{ frame|safe }};

self.addEventListener("install", (event) => event.waitUntil(
  caches.open(CACHE).then((cache) => cache.addAll([SHELL, ...FRAME])).then(() => self.skipWaiting()),
));

self.addEventListener("activate", (event) => event.waitUntil(
  caches.keys()
    .then((names) => Promise.all(names.filter((name) => name !== CACHE && name.startsWith("hep-page")).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()),
));

self.addEventListener("message", (event) => event.waitUntil(
  caches.open(CACHE).then((cache) => Promise.all((event.data.pictures ?? []).map(async (address) => {
    if (new URL(address, location.href).pathname.startsWith("{{ pictures }}") && !(await cache.match(address))) await cache.add(address);
  })).catch(() => {})),
));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    // A tap on a link or a form that finds no network ends at what the phone has.
    event.respondWith(fetch(request).catch(() => caches.match(SHELL, LOOSE)));
    return;
  }
  if (request.method === "GET") event.respondWith(caches.match(request, LOOSE).then((found) => found ?? fetch(request)));
});
