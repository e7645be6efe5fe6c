// Labels one can read on either theme: the chart library's own grey is too pale on dark.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const dark = document.documentElement.classList.contains("dark");
  Chart.defaults.color = dark ? "#d1d5db" : "#374151";
});
