// Builds elements. Texts become text nodes, never markup.

export const find = (id) => document.getElementById(id);

// Members of `properties` are properties of the element; "aria-…", "role", "for" and "data-…" are attributes.
export function element(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (/^(aria-|data-|role$|for$)/.test(key)) {
      node.setAttribute(key, value);
    } else {
      node[key] = value;
    }
  }

  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function button(label, onclick, properties = {}) {
  return element("button", { type: "button", onclick, ...properties }, label);
}

// A label of its own for each field: ids of parts that appear several times.
let last = 0;
export const newId = (prefix) => `${prefix}-${++last}`;

export function announce(text) {
  const announcer = find("announcer");
  announcer.textContent = "";
  // The same text twice is announced twice only if it has been gone in between.
  setTimeout(() => { announcer.textContent = text; }, 50);
}

// The clipboard is available to pages of this machine and of https only; the old way works for others.
export async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }

  const field = element("textarea", { value: text, className: "hidden", "aria-hidden": "true" });
  document.body.append(field);
  const focused = document.activeElement;
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  focused?.focus();
  if (!isDone) {
    throw new Error("The browser did not copy the text.");
  }
}

export function copyButton(textOf, what = "") {
  const self = button("Copy", async () => {
    try {
      await copy(textOf());
      self.textContent = "Copied";
      announce("Copied");
    } catch {
      self.textContent = "Not copied";
      announce("Not copied");
    }

    setTimeout(() => { self.textContent = "Copy"; }, 2000);
  });
  if (what) {
    self.append(element("span", { className: "hidden" }, ` ${what}`));
  }

  return self;
}
