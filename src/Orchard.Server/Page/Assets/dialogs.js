// Questions to the user.

import { find } from "./dom.js";

// Asks for a text, or with `label` null for a confirmation. Returns the text, or null if the user cancels.
export async function ask({ title, text = "", label = null, value = "", ok = "OK" }) {
  const dialog = find("ask-dialog");
  const field = find("ask-value");
  find("ask-title").textContent = title;
  find("ask-text").textContent = text;
  find("ask-label").hidden = label === null;
  find("ask-label").firstElementChild.textContent = label ?? "";
  find("ask-ok").textContent = ok;
  field.value = value;
  field.required = label !== null;
  dialog.returnValue = "";
  dialog.showModal();
  if (label !== null) {
    field.select();
  }

  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return dialog.returnValue === "ok" ? field.value.trim() : null;
}

// A first button that cancels would take Enter from the field.
export function submitOnEnter(dialog) {
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input:not([type=checkbox])")) {
      event.preventDefault();
      const form = dialog.querySelector("form");
      form.requestSubmit(form.querySelector("button[value=ok]"));
    }
  });
}
