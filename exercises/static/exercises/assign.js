// Another template or another patient's program shows its own exercises at once; without this the
// button beside them does it.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("assign-form");
  if (!form) return;
  const button = form.querySelector("[data-choose-button]");
  button.hidden = true;
  for (const field of form.querySelectorAll("[data-choose], [name=like]")) {
    field.addEventListener("change", () => form.requestSubmit(button));
  }
});
