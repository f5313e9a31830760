// The list of conversations.

import { titleOf } from "./conversations.js";
import { button, element, find } from "./dom.js";

// `actions`: open(id), rename(id), exportFile(id), remove(id).
export function showConversations(conversations, current, actions) {
  const list = find("conversations");
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const place = focused && [focused.closest("li").dataset.id, focused.className, focused.textContent];
  list.replaceChildren(...conversations.map((conversation) => {
    const { id } = conversation;
    const isCurrent = id === current;
    const state = isCurrent ? { "aria-current": "true" } : {};
    const title = titleOf(conversation);
    const open = button(title, () => actions.open(id), { className: "title", title, ...state });
    const tools = element("div", { className: "buttons" },
      button("Rename", () => actions.rename(id)),
      button("Export", () => actions.exportFile(id)),
      button("Delete", () => actions.remove(id)));
    return element("li", { "data-id": id }, open, isCurrent && tools);
  }));

  // The buttons are new, but the focus stays where it was.
  if (place) {
    const [id, className, label] = place;
    const buttons = [...list.querySelectorAll(`[data-id="${id}"] button`)];
    const same = buttons.find((one) => one.className === className && (className || one.textContent === label));
    (same ?? list.querySelector("button") ?? find("new")).focus();
  }
}

// Gives the user a file.
export function save(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// A panel that covers the page on a narrow screen: the rest cannot be reached while it is open there.
export class Panel {
  #panel;
  #opener;
  #narrow = matchMedia("(max-width: 60rem)");

  // `isOpen` on a wide screen at first.
  constructor(panel, opener, closer, isOpen) {
    this.#panel = panel;
    this.#opener = opener;
    opener.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    closer.addEventListener("click", () => this.close());
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#narrow.matches && this.isOpen) {
        event.stopPropagation();
        this.close();
      }
    });
    this.#narrow.addEventListener("change", () => this.#set(isOpen && !this.#narrow.matches));
    this.#set(isOpen && !this.#narrow.matches);
  }

  get isOpen() {
    return !this.#panel.hidden;
  }

  open() {
    this.#set(true);
    this.#panel.querySelector("button, input, textarea, select").focus();
  }

  close() {
    this.#set(false);
    this.#opener.focus();
  }

  // After a choice in it, a wide screen has room for both.
  closeIfNarrow() {
    if (this.#narrow.matches && this.isOpen) {
      this.#set(false);
    }
  }

  #set(isOpen) {
    this.#panel.hidden = !isOpen;
    this.#opener.setAttribute("aria-expanded", String(isOpen));
    find("center").inert = this.#narrow.matches && isOpen;
  }
}
