// The phone's view of what one types; the server renders it, so that it is the text sent.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const panel = document.querySelector("[data-preview-url]");
  const form = panel && panel.closest("form");
  if (!form) return;
  const place = (name) => panel.querySelector(`[data-preview="${name}"]`);
  let waiting;

  async function show() {
    const answer = await fetch(panel.dataset.previewUrl, { method: "POST", body: new FormData(form) });
    const preview = await answer.json();
    const bubble = place("text");
    bubble.textContent = preview.text || "";
    bubble.hidden = !preview.text;
    place("count").textContent = preview.text
      ? `${preview.characters} characters, ${preview.segments} ${preview.segments === 1 ? "text" : "texts"}`
      : "";
    place("problems").replaceChildren(
      ...preview.problems.map((sentence) => {
        const item = document.createElement("li");
        item.textContent = sentence;
        return item;
      }),
    );
    if (place("ours")) place("ours").textContent = preview.ours || "";
  }

  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(show, 250);
  }
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  show();
});
