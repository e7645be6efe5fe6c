// A session ends when nobody does anything (IDLE_LOGOUT_MINUTES). This keeps it while somebody
// types, says a minute before that it ends, and keeps a half-written form through signing in again.
(() => {
  const ADDRESS = "/admin/still-here/";
  const AGAIN_EVERY = 30_000;
  const WORDS = {
    soon: "You will be signed out in a minute.",
    out: "You were signed out. What you wrote is still here: sign in in another tab, then come back.",
  };
  let token = "";
  let timer = 0;
  let told = 0;
  let signedOut = false;
  const bar = document.createElement("div");
  bar.className = "idle";
  bar.setAttribute("role", "alert");
  bar.hidden = true;

  const ask = async (method) => {
    const answer = await fetch(ADDRESS, { method, headers: { "X-CSRFToken": token } });
    return answer.json();
  };

  const show = (words, action) => {
    bar.replaceChildren(words, " ", action);
    bar.hidden = false;
  };

  const stay = () => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Stay signed in";
    button.addEventListener("click", () => look("POST"));
    return button;
  };

  const signIn = () => {
    const link = document.createElement("a");
    link.href = "/admin/login/?next=/admin/";
    link.target = "_blank";
    link.textContent = "Sign in";
    return link;
  };

  // Signing in makes a new token; a form that was open before has the old one.
  const renew = (fresh) => {
    token = fresh;
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
      field.value = fresh;
    }
  };

  const wait = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(1, seconds) * 1000, "GET");
  };

  async function look(method) {
    let state;
    try {
      state = await ask(method);
    } catch {
      wait(AGAIN_EVERY / 1000);
      return;
    }
    signedOut = state.seconds <= 0;
    if (signedOut) {
      show(WORDS.out, signIn());
      return;
    }
    renew(state.token);
    if (method === "GET" && state.seconds <= state.warn) {
      show(WORDS.soon, stay());
      wait(state.seconds + 1);
    } else {
      bar.hidden = true;
      wait(state.seconds - state.warn);
    }
  }

  const busy = () => {
    if (!signedOut && Date.now() - told > AGAIN_EVERY) {
      told = Date.now();
      look("POST");
    }
  };

  const begin = async () => {
    const state = await ask("GET").catch(() => ({ seconds: 0 }));
    // On the page that signs in there is nothing to lose.
    if (state.seconds <= 0) return;
    document.body.prepend(bar);
    token = state.token;
    wait(state.seconds - state.warn);
    document.addEventListener("input", busy, true);
    document.addEventListener("click", busy, true);
    window.addEventListener("focus", () => look("GET"));
    document.addEventListener("visibilitychange", () => document.hidden || look("GET"));
    document.addEventListener("submit", (event) => signedOut && event.preventDefault(), true);
  };
  document.addEventListener("DOMContentLoaded", begin);
})();
