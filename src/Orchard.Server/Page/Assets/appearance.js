// Runs before the page is drawn, so that it does not appear in the wrong colours first.
"use strict";
(() => {
  const key = "orchard.appearance";
  let chosen = "";
  try {
    chosen = localStorage.getItem(key) ?? "";
  } catch {
    // The browser keeps nothing: the page follows the system.
  }

  const apply = (value) => {
    if (value === "light" || value === "dark") {
      document.documentElement.dataset.appearance = value;
    } else {
      delete document.documentElement.dataset.appearance;
    }
  };

  apply(chosen);
  document.addEventListener("DOMContentLoaded", () => {
    const select = document.querySelector("#appearance");
    select.value = document.documentElement.dataset.appearance ?? "";
    select.addEventListener("change", () => {
      apply(select.value);
      try {
        localStorage.setItem(key, select.value);
      } catch {
        // It holds until the page is left.
      }
    });
  });
})();
