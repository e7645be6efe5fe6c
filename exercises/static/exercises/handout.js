"use strict";
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("[data-print]").addEventListener("click", () => window.print());
});
