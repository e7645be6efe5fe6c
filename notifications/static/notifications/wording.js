// The phone's view of a wording while one types; the server renders it, so that it is the text sent.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const panel = document.getElementById("wording-preview");
  const form = document.getElementById("clinicwording_form");
  if (!panel || !form) return;
  const [bubble, count, problems, ours] = ["text", "count", "problems", "ours"].map((name) =>
    panel.querySelector(`[data-preview="${name}"]`),
  );
  let waiting;

  async function show() {
    const data = new FormData();
    for (const name of ["key", "language", "words"]) {
      const field = form.querySelector(`[name="${name}"]`);
      data.append(name, field ? field.value : "");
    }
    const token = form.querySelector('[name="csrfmiddlewaretoken"]').value;
    const answer = await fetch(panel.dataset.url, {
      method: "POST",
      headers: { "X-CSRFToken": token },
      body: data,
    });
    const preview = await answer.json();
    bubble.textContent = preview.text || "";
    count.textContent = answer.ok
      ? `${preview.characters} characters, ${preview.segments} ${preview.segments === 1 ? "text" : "texts"}`
      : "";
    problems.replaceChildren(
      ...preview.problems.map((sentence) => {
        const item = document.createElement("li");
        item.textContent = sentence;
        return item;
      }),
    );
    ours.textContent = preview.ours || "";
  }

  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  }
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  show();
});
