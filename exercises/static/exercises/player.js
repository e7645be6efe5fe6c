// Follow along: sets, repetitions, holds and rests of one exercise, counted by the clock.
// Without it the page works as it is; nothing is lost when the phone rings, because what is left is
// worked out from when a step ends, never from counted ticks.

import { drop, load, move } from "./moving.js";

let dialog = null;
let words = {};
const part = (name) => dialog.querySelector(`[data-part="${name}"]`);
const READY = 5, CHANGE = 3, REST = 30;

// Steps of {say, seconds, set, rep, way}; seconds 0 waits for a tap, `way` is how the drawing moves.
function stepsOf({ sets, reps, hold, minutes, tempo, lowers }) {
  const steps = [];
  const add = (say, seconds, set, rep, way) => steps.push({ say, seconds, set, rep, way });
  add("ready", READY, 1, 1, "loop");
  if (minutes && !reps) {
    add("go", minutes * 60, 1, 1, "loop");
    return steps;
  }
  for (let set = 1; set <= (sets || 1); set += 1) {
    if (set > 1) add("rest", REST, set, 1, "home");
    if (!hold && !tempo) {
      add("count", 0, set, reps || 1, "loop");
      continue;
    }
    for (let rep = 1; rep <= (reps || 1); rep += 1) {
      if (hold) {
        if (rep > 1) add("change", CHANGE, set, rep, "home");
        add("hold", hold, set, rep, "reach");
      } else {
        for (const [say, seconds, way] of inTempo(tempo, lowers)) if (seconds) add(say, seconds, set, rep, way);
      }
    }
  }
  return steps;
}

// A squat goes down first, a heel raise up; the pause is at the top.
function inTempo([up, top, down], lowers) {
  return lowers
    ? [["down", down, "there"], ["up", up, "back"], ["hold", top, "near"]]
    : [["up", up, "there"], ["hold", top, "far"], ["down", down, "back"]];
}

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// Exercises that follow in the same session, as the buttons that begin them.
let rest = [];
let spoken = localStorage.getItem("hep-sound") === "on";
let now = null; // {dose, steps, article, at, since, endsAt, left, half, done}
let timer = 0;
let lock = null;

async function keepAwake(on) {
  try {
    if (on && !lock) lock = (await navigator.wakeLock?.request("screen")) ?? null;
    if (!on) { await lock?.release(); lock = null; }
  } catch { lock = null; } // a low battery says no
}

function say(text) { part("said").textContent = text; }

function speak(text) {
  if (!spoken) return;
  speechSynthesis.cancel();
  speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(text), { lang: document.documentElement.lang }));
}

function sound() {
  spoken = !spoken;
  localStorage.setItem("hep-sound", spoken ? "on" : "off");
  showSound();
  if (spoken) speak(part("what").textContent); else speechSynthesis.cancel();
}

function showSound() {
  part("sound").hidden = !("speechSynthesis" in window);
  part("sound").setAttribute("aria-pressed", String(spoken));
}

function enter(at) {
  if (at >= now.steps.length) return finish();
  const step = now.steps[at];
  const since = Date.now();
  Object.assign(now, { at, since, endsAt: step.seconds ? since + step.seconds * 1000 : 0, left: 0, half: false });
  part("pause").hidden = !step.seconds;
  part("pause").textContent = words.pause;
  const { sets = 1, reps = 1 } = now.dose;
  part("what").textContent = filled(words[step.say], { reps: step.rep });
  part("where").textContent = [
    sets > 1 ? filled(words.set, { set: step.set, sets }) : "",
    step.say !== "count" && reps > 1 ? filled(words.rep, { rep: step.rep, reps }) : "",
  ].filter(Boolean).join(" · ");
  if (step.seconds >= 20 || step.say === "count") say(part("what").textContent);
  speak(part("what").textContent);
  part("next").hidden = false;
  return draw();
}

function draw() {
  clearTimeout(timer);
  if (!now || now.done) return;
  const step = now.steps[now.at];
  if (!step.seconds) { part("left").textContent = String(step.rep); return; }
  const left = now.left || now.endsAt - Date.now();
  if (left <= 0) { enter(now.at + 1); return; }
  const seconds = Math.ceil(left / 1000);
  part("left").textContent = seconds < 100
    ? String(seconds)
    : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (seconds <= 3 && seconds !== now.counted && step.seconds > 3) speak(String(seconds));
  now.counted = seconds;
  if (step.seconds >= 20 && !now.half && left <= step.seconds * 500) { now.half = true; say(words.half); }
  if (!now.left) timer = setTimeout(draw, Math.max(50, left % 1000 || 1000));
}

// The drawing follows the clock as often as the screen does; what stands still does not.
function follow() {
  if (!now || now.done) return;
  const { seconds, way } = now.steps[now.at];
  const left = now.left || now.endsAt - Date.now();
  move(way, seconds ? seconds - left / 1000 : (Date.now() - now.since) / 1000, seconds);
  requestAnimationFrame(follow);
}

function pause() {
  if (!now || now.done || !now.steps[now.at].seconds) return;
  if (now.left) { now.endsAt = Date.now() + now.left; now.left = 0; } else { now.left = Math.max(1, now.endsAt - Date.now()); }
  part("pause").textContent = now.left ? words.go_on : words.pause;
  draw();
}

function finish() {
  now.done = true;
  clearTimeout(timer);
  part("left").textContent = "✓";
  part("what").textContent = words.finished;
  part("where").textContent = "";
  say(words.finished);
  speak(words.finished);
  for (const name of ["pause", "next"]) part(name).hidden = true;
  part("done").focus();
}

function open(button) {
  const article = button.closest("article");
  const dose = JSON.parse(button.dataset.timing);
  now = { dose, steps: stepsOf(dose), article, done: false };
  part("name").textContent = article.querySelector("h4").textContent;
  const picture = article.querySelector("img");
  part("picture").hidden = !picture;
  if (picture) { part("picture").src = picture.src; part("picture").alt = picture.alt; }
  part("next").hidden = false;
  ask(false);
  if (!dialog.open) dialog.showModal();
  keepAwake(true);
  enter(0);
  animate(button.dataset.moving);
}

async function animate(address) {
  const opened = now;
  const moves = await load(part("moving"), address, part("picture").alt);
  if (!moves || now !== opened) return;
  part("picture").hidden = true;
  follow();
}

function close() {
  clearTimeout(timer);
  now = null;
  rest = [];
  if ("speechSynthesis" in window) speechSynthesis.cancel();
  drop(part("moving"));
  keepAwake(false);
  if (dialog.open) dialog.close();
}

// On to the next exercise of the session, if there is one.
function goOn() {
  clearTimeout(timer);
  const next = rest.shift();
  if (next) open(next); else close();
}

function done() {
  const button = now.article.querySelector('button[value="done"]');
  button.form.requestSubmit(button);
  goOn();
}

// Too painful: how bad it was is told with what was done so far.
function ask(asks) {
  dialog.classList.toggle("asks", asks);
  part("ask").hidden = !asks;
}

function stop() {
  now.done = true;
  clearTimeout(timer);
  const form = part("ask");
  for (const name of ["day", "program", "exercise", "slot"]) form.elements[name].value = now.article.querySelector(`[name=${name}]`).value;
  form.elements.sets.value = now.at === undefined ? 0 : now.steps[now.at].set - 1;
  Object.assign(form.dataset, { place: now.article.id, label: part("name").textContent });
  ask(true);
  form.querySelector("button").focus();
}

// Once the day's page is there.
export function offer() {
  dialog = document.getElementById("player");
  words = JSON.parse(document.getElementById("player-words").textContent);
  part("pause").addEventListener("click", pause);
  part("next").addEventListener("click", () => enter(now.at + 1));
  part("done").addEventListener("click", done);
  part("stop").addEventListener("click", stop);
  part("ask").addEventListener("submit", () => queueMicrotask(goOn));
  part("sound").addEventListener("click", sound);
  showSound();
  part("close").addEventListener("click", close);
  dialog.addEventListener("cancel", close);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || !now) return;
    keepAwake(true);
    draw();
  });
  for (const button of document.querySelectorAll("button[data-timing]")) {
    button.hidden = false;
    button.addEventListener("click", () => open(button));
  }
  for (const button of document.querySelectorAll("button[data-session]")) {
    const all = [...button.closest(".time").querySelectorAll("button[data-timing]")];
    button.hidden = all.length < 2;
    button.addEventListener("click", () => { rest = all.slice(1); open(all[0]); });
  }
}
