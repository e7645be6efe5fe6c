// Telling, also without a network. A tap is kept on the phone first, then sent; it goes when it was
// answered. Each has an id of its own, so that one which is sent twice is kept once. Without this
// script the forms send themselves.

import { offer } from "./player.js";
import { forget, forgetRows, gone, keep, kept, wait, waiting } from "./store.js";

const page = document.documentElement.dataset;
const main = document.querySelector("main");
const DAYS = 24 * 3600 * 1000;
// A phone may throw away what a site keeps after a week without a visit.
const LONG = 3 * DAYS;
const AGAIN = 5000;
let words = {};
let sending = null;
let more = false;
let keeping = Promise.resolve();

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// ---- telling

async function told(event) {
  const form = event.target.closest("main form[data-tell]");
  if (!form) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  data.delete("csrfmiddlewaretoken");
  const fields = Object.fromEntries(data);
  const place = form.dataset.place ?? form.closest("[id]").id;
  const label = form.dataset.label ?? form.closest("article, section").querySelector("h4, h2").textContent;
  const entry = { id: crypto.randomUUID(), at: new Date().toISOString(), fields, place, label };
  keeping = wait(entry);
  try { await keeping; } catch { form.removeAttribute("data-tell"); form.requestSubmit(event.submitter); return; } // storage is full
  // While the player goes on, nothing is loaded under it.
  if (!document.querySelector("dialog[open]")) await send();
}

// One after the other, in the order they were told; what finds no network stays with all behind it.
// What is told while others are on their way goes right behind them.
function send() {
  more = true;
  sending ??= (async () => {
    try { while (more) { more = false; await sendAll(); } } finally { sending = null; }
  })();
  return sending;
}

async function sendAll() {
  await keeping.catch(() => {});
  let place = null;
  const begun = Date.now();
  for (const entry of await waiting()) {
    if (entry.refused) continue;
    const answer = await sent(entry, begun);
    if (answer === null) break;
    if (answer.closed) { await forget(); location.reload(); return; }
    if (answer.kept) { await gone(entry.number); place = answer.place; } else { await wait({ ...entry, refused: answer.why }); place ??= entry.place; }
  }
  if (place !== null && page.live) shown(place);
  else await mark();
}

async function sent({ id, at, fields }, begun) {
  // Milliseconds ago, because this clock may be wrong but goes as fast as others; from one moment for
  // all that is sent together, so that nothing on the way changes their order.
  const ago = Math.max(0, begun - new Date(at));
  const token = main.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!token) return null;
  try {
    const answer = await fetch(page.today, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token },
      body: new URLSearchParams({ ...fields, id, ago }),
      redirect: "manual",
    });
    if (answer.type === "opaqueredirect") { location.assign(page.confirm); return null; }
    if (answer.headers.get("X-Page") === "closed") return { closed: true };
    return answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
  } catch { return null; } // no network
}

// The page as the server has it now, at the place that was tapped.
function shown(place) {
  const url = new URL(location.href);
  url.hash = place;
  history.replaceState(null, "", url);
  location.reload();
}

// ---- what waits, on the page

function said(text, ...more) {
  const line = document.createElement("p");
  line.className = "state waits";
  line.append(text, ...more);
  return line;
}

function button(text, act) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "plain", textContent: text });
  made.addEventListener("click", act);
  return made;
}

function takeBack(entry) {
  return button(words.undo, async () => { await gone(entry.number); await mark(); });
}

const MARKED = { done: "is_done", skip: "is_skipped", stop: "is_stopped", undo: "undo", undo_day: "undo" };

function markRound(article, entry, text) {
  article.classList.add("waiting");
  article.append(said(`${text} · ${words.waits}`, " ", takeBack(entry)));
}

function markOne(entry) {
  const place = document.getElementById(entry.place);
  if (!place) return;
  const text = words[MARKED[entry.fields.do]] ?? words.done_all;
  if (place.matches("article")) markRound(place, entry, text);
  else if (entry.fields.score !== undefined) {
    for (const other of place.querySelectorAll("button[name=score]")) other.classList.toggle("told", other.value === entry.fields.score);
    place.querySelector(".waits")?.remove(); // what was told last counts
    place.append(said(words.waits, " ", takeBack(entry)));
  } else place.append(said(`${text} · ${words.waits}`, " ", takeBack(entry)));
}

function banner(entries) {
  const open = entries.filter((entry) => !entry.refused);
  const lines = [];
  if (page.shell) lines.push(words.offline);
  if (open.length) lines.push(filled(words.waiting, { count: open.length }));
  if (open.some((entry) => Date.now() - new Date(entry.at) > LONG)) lines.push(words.too_long);
  const box = document.createElement("section");
  box.className = "card waits";
  box.setAttribute("role", "status");
  for (const text of lines) { const line = document.createElement("p"); line.textContent = text; box.append(line); }
  for (const entry of entries.filter((row) => row.refused)) {
    const line = document.createElement("p");
    line.append(filled(words.refused, { what: entry.label, why: entry.refused }), " ",
      button(words.seen, async () => { await gone(entry.number); await mark(); }));
    box.append(line);
  }
  return box.childElementCount ? box : null;
}

async function mark() {
  for (const old of main.querySelectorAll(".waits")) old.remove();
  for (const old of main.querySelectorAll(".waiting")) old.classList.remove("waiting");
  const entries = await waiting();
  for (const entry of entries) if (!entry.refused) markOne(entry);
  const box = banner(entries);
  if (box) main.prepend(box);
}

// ---- beginning

async function fromPhone() {
  const found = await kept();
  if (!found) return false;
  document.documentElement.lang = found.language;
  const shown = new DOMParser().parseFromString(found.main, "text/html").body;
  main.replaceChildren(...shown.childNodes);
  page.today = found.today;
  return true;
}

async function keepPage() {
  const before = await kept();
  if (before && before.owner !== page.owner) await forgetRows();
  await keep({ owner: page.owner, language: document.documentElement.lang, main: main.innerHTML, today: page.today });
}

async function keepFrame() {
  const worker = await navigator.serviceWorker?.register(page.worker);
  if (!worker) return;
  const ready = await navigator.serviceWorker.ready;
  const pictures = [...main.querySelectorAll("img[src], [data-moving]")].map((one) => one.dataset.moving ?? one.src);
  ready.active.postMessage({ pictures });
}

// There may be a network now: what waits goes, and the kept page gives way to the real one.
async function again() {
  if (document.visibilityState !== "visible" || document.querySelector("dialog[open]")) return;
  if (!page.shell) { if ((await waiting()).some((entry) => !entry.refused)) await send(); return; }
  const found = await fetch(document.querySelector("link[rel=manifest]").href, { cache: "no-store" }).catch(() => null);
  if (found?.ok) location.reload();
}

async function begin() {
  if (page.shell && !(await fromPhone())) return;
  if (page.live) await keepPage().catch(() => {}); // a browser that keeps nothing
  words = JSON.parse(document.getElementById("telling-words").textContent);
  offer();
  main.addEventListener("submit", told);
  document.getElementById("player").addEventListener("close", send);
  window.addEventListener("online", again);
  document.addEventListener("visibilitychange", again);
  // A phone does not always say that it found a network.
  setInterval(again, AGAIN);
  await mark();
  if (!page.live) return;
  await send();
  await keepFrame();
}

begin().catch(() => {}); // a browser that keeps nothing: the forms send themselves
