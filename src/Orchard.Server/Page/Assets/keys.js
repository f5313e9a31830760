// The API key: in the tab, or in the browser if the user wishes so.

import { find } from "./dom.js";

const NAME = "orchard.key";

export class Keys {
  #key = read(sessionStorageOrNull()) ?? read(localStorageOrNull()) ?? "";
  #question = null;

  get current() {
    return this.#key;
  }

  // Asks for a key; several calls share one question. Returns null if the user has none.
  ask(isWrong) {
    this.#question ??= this.#ask(isWrong).finally(() => { this.#question = null; });
    return this.#question;
  }

  forget() {
    this.#key = "";
    for (const storage of [sessionStorageOrNull(), localStorageOrNull()]) {
      storage?.removeItem(NAME);
    }
  }

  async #ask(isWrong) {
    const dialog = find("key-dialog");
    const field = find("key");
    find("key-why").textContent = isWrong ? "The server does not know this key. Enter another one." : "The server asks for an API key.";
    field.value = "";
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    const key = field.value.trim();
    field.value = "";
    if (dialog.returnValue !== "ok" || !isHeader(key)) {
      return null;
    }

    this.forget();
    this.#key = key;
    try {
      (find("keep-key").checked ? localStorage : sessionStorage).setItem(NAME, key);
    } catch {
      // It holds until the page is left.
    }

    return key;
  }
}

// Nothing else can be sent in a header.
const isHeader = (key) => /^[\x21-\x7e]+$/.test(key);

const read = (storage) => {
  const key = storage?.getItem(NAME);
  return key && isHeader(key) ? key : null;
};

function sessionStorageOrNull() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

function localStorageOrNull() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
