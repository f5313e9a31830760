// Shows an answer: reasoning, text, tool calls, error, figures.

import { chosen } from "./conversations.js";
import { button, copyButton, element, newId } from "./dom.js";
import { codeView, showMarkdown } from "./markdown.js";

export class AnswerView {
  #message;
  #actions;
  #reasoning = element("div", { className: "reasoning-text" });
  #reasoningTitle = element("summary");
  #details = element("details", { className: "reasoning", hidden: true }, this.#reasoningTitle, this.#reasoning);
  #text = element("div", { className: "text" });
  #calls = element("div", { className: "calls" });
  #error = element("div", { className: "error", hidden: true });
  #note = element("span", { className: "note" });
  #buttons = element("div", { className: "buttons" });
  #name = element("h2", { className: "who" });
  #wasTouched = false;

  // `actions`: regenerate(), retry(), choose(step), sendResults(results); the first two and the last only of the last answer, or null.
  constructor(message, actions) {
    this.#message = message;
    this.#actions = actions;
    this.#reasoningTitle.addEventListener("click", () => { this.#wasTouched = true; });
    this.root = element(
      "article", { className: "answer" },
      this.#name, this.#details, this.#text, this.#calls, this.#error,
      element("footer", {}, this.#note, this.#buttons));
  }

  // `run` is the run that fills the answer, or null.
  update(run) {
    const variant = chosen(this.#message);
    this.root.setAttribute("aria-busy", String(Boolean(run)));
    this.#name.textContent = shortName(variant.model);
    this.#showReasoning(variant, run);
    showMarkdown(this.#text, variant.content);
    this.#note.textContent = run ? runningNote(run) : endNote(variant);
    this.#note.classList.toggle("running", Boolean(run));
    if (run) {
      this.#calls.replaceChildren(...variant.calls.map((call) => callView(call)));
      this.#error.hidden = true;
      this.#buttons.replaceChildren();
    } else {
      this.#showCalls(variant);
      this.#showError(variant);
      this.#showButtons(variant);
    }
  }

  // What a screen reader says when the answer is complete.
  get spoken() {
    const { error, end, calls } = chosen(this.#message);
    const called = calls.map(({ name }) => `The model calls ${name}.`).join(" ");
    const problem = error ? `The answer failed: ${error}` : end === "stopped" ? "Stopped." : "";
    return [`Answer: ${this.#text.textContent}`, called, problem].filter(Boolean).join(" ").slice(0, 4000);
  }

  #showReasoning({ reasoning, content }, run) {
    this.#details.hidden = !reasoning;
    this.#reasoningTitle.textContent = run?.status === "Reasoning" ? "Reasoning …" : "Reasoning";
    if (this.#reasoning.textContent !== reasoning) {
      this.#reasoning.textContent = reasoning;
    }

    // It is open while there is nothing else to read, unless the user decides otherwise.
    if (!this.#wasTouched) {
      this.#details.open = Boolean(run) && !content;
    }
  }

  #showCalls({ calls }) {
    const send = this.#actions.sendResults;
    if (calls.length === 0 || !send) {
      this.#calls.replaceChildren(...calls.map((call) => callView(call)));
      return;
    }

    const fields = calls.map(({ name }) => element("textarea", { id: newId("result"), rows: 2, required: true, name, className: "code" }));
    const form = element(
      "form", {},
      ...calls.map((call, index) => callView(
        call, element("label", { for: fields[index].id }, `Result of ${call.name}`), fields[index])),
      element("button", { type: "submit", className: "main" }, calls.length > 1 ? "Send the results" : "Send the result"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(calls.map((call, index) => ({ role: "tool", id: call.id, name: call.name, content: fields[index].value })));
    });
    this.#calls.replaceChildren(form);
  }

  #showError({ error }) {
    this.#error.hidden = !error;
    this.#error.replaceChildren();
    if (error) {
      const { retry } = this.#actions;
      this.#error.append(element("p", {}, error), ...(retry ? [button("Retry", retry)] : []));
    }
  }

  #showButtons({ content, error }) {
    const { choose, regenerate } = this.#actions;
    const { variants, chosen: index } = this.#message;
    this.#buttons.replaceChildren();
    if (variants.length > 1) {
      this.#buttons.append(
        button("‹", () => choose(-1), { "aria-label": "Previous answer", disabled: index === 0 }),
        element("span", {}, element("span", { className: "hidden" }, "Answer "), `${index + 1} of ${variants.length}`),
        button("›", () => choose(1), { "aria-label": "Next answer", disabled: index === variants.length - 1 }));
    }

    if (content) {
      this.#buttons.append(copyButton(() => content, "the answer"));
    }

    if (regenerate && !error) {
      this.#buttons.append(button("Regenerate", regenerate));
    }
  }
}

function callView(call, ...more) {
  return element("section", { className: "call", "aria-label": `Call of ${call.name}` },
    element("p", {}, "Calls ", element("code", {}, call.name)), codeView(pretty(call.arguments), "json"), ...more);
}

function pretty(json) {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json; // not complete yet
  }
}

function runningNote({ status, rate }) {
  return rate > 0 ? `${status} … about ${format(rate)} tokens/s` : `${status} …`;
}

const ENDS = new Map([["stopped", "stopped"], ["length", "ended at the maximum of tokens"], [undefined, "not complete"]]);

function endNote({ stats, end, error, ignored }) {
  const parts = [];
  if (stats?.tokens !== undefined) {
    parts.push(stats.tokens === 1 ? "1 token" : `${stats.tokens} tokens`);
  }

  if (stats?.rate > 0) {
    parts.push(`${format(stats.rate)} tokens/s`);
  }

  if (stats?.firstSeconds !== undefined) {
    parts.push(`first token after ${stats.firstSeconds.toFixed(2)} s`);
  }

  if (stats?.promptTokens !== undefined) {
    parts.push(`${stats.promptTokens} in the prompt`);
  }

  if (!error && ENDS.has(end)) {
    parts.push(ENDS.get(end));
  }

  if (ignored) {
    parts.push(`without effect: ${ignored}`);
  }

  return parts.join(" · ");
}

const format = (rate) => (rate < 10 ? rate.toFixed(1) : String(Math.round(rate)));

// Of a path, the file's name.
export const shortName = (model) => model.split(/[\\/]/).pop() || model;
