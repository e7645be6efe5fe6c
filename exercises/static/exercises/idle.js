// A session ends when nobody does anything (IDLE_LOGOUT_MINUTES). This keeps it while somebody
// writes, says before that it ends, and keeps a half-written form through signing in again.
(() => {
  const ADDRESS = "/admin/still-here/";
  const AGAIN_AFTER = 30;
  const WORDS = {
    soon: (seconds) => `You will be signed out in ${seconds} seconds.`,
    out: "You were signed out. What you wrote is still here: sign in in another tab, then come back.",
    other: "Somebody else signed in meanwhile. Copy what you need, then reload this page.",
  };
  let who = null; // whose page this is
  let token = "";
  let endsAt = 0; // by this browser's clock
  let timer = 0;
  let asked = 0; // numbers the questions: an answer that comes late is not listened to
  let told = 0;
  let blocked = false;
  const bar = document.createElement("div");
  bar.className = "idle";
  bar.setAttribute("role", "alert");
  bar.hidden = true;

  const button = (words, action) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    made.addEventListener("click", action);
    return made;
  };

  const signIn = () => {
    const link = document.createElement("a");
    link.href = "/admin/login/?next=/admin/";
    link.target = "_blank";
    link.textContent = "Sign in";
    return link;
  };

  const show = (words, action) => {
    bar.replaceChildren(words, " ", action);
    bar.hidden = false;
  };

  const wait = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(() => look("GET"), Math.max(1, seconds) * 1000);
  };

  // Signing in makes a new token; a form that was open before has the old one.
  const renew = (fresh) => {
    token = fresh;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
      field.value = fresh;
    }
  };

  async function look(method) {
    const mine = ++asked;
    let state;
    try {
      const answer = await fetch(ADDRESS, { method, headers: { "X-CSRFToken": token } });
      state = await answer.json();
    } catch {
      if (mine === asked) wait(AGAIN_AFTER);
      return;
    }
    if (mine !== asked) return;
    if (state.seconds > 0 && who === null) begin(state.who);
    // On the page that signs in there is nothing to lose.
    if (who === null) return;
    blocked = state.seconds <= 0 || state.who !== who;
    endsAt = Date.now() + state.seconds * 1000;
    if (state.seconds <= 0) {
      show(WORDS.out, signIn());
    } else if (blocked) {
      show(WORDS.other, button("Reload", () => location.reload()));
    } else {
      renew(state.token);
      const soon = state.seconds <= state.warn;
      if (soon) show(WORDS.soon(state.seconds), stay());
      bar.hidden = !soon;
      wait(soon ? state.seconds + 1 : state.seconds - state.warn);
    }
  }

  const stay = () => {
    const before = document.activeElement;
    return button("Stay signed in", async () => {
      await look("POST");
      before?.focus();
    });
  };

  const busy = (event) => {
    if (blocked || bar.contains(event.target) || Date.now() - told < AGAIN_AFTER * 1000) return;
    told = Date.now();
    look("POST");
  };

  // After a sleep no timer has told yet that the session is over: look before a form is sent.
  const send = async (event) => {
    if (!blocked && Date.now() < endsAt) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    await look("GET");
    if (!blocked && Date.now() < endsAt) target.requestSubmit(submitter);
  };

  const begin = (person) => {
    who = person;
    document.body.prepend(bar);
    for (const kind of ["input", "click", "keydown"]) document.addEventListener(kind, busy, true);
    window.addEventListener("focus", () => look("GET"));
    document.addEventListener("visibilitychange", () => document.hidden || look("GET"));
    document.addEventListener("submit", send, true);
  };

  document.addEventListener("DOMContentLoaded", () => look("GET"));
})();
