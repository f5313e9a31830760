// The conversations of this browser, each under a key of its own, so that two tabs do not overwrite each other's.
//
// A conversation: { id, title, updated, model, settings, messages }. A message is one of
//   { role: "user", content }
//   { role: "assistant", variants: [{ content, reasoning, calls: [{ id, name, arguments }], error, … }], chosen }
//   { role: "tool", id, name, content }

const PREFIX = "orchard.conversation.";

export class Conversations {
  #all = new Map();
  #onProblem;

  // `onProblem` is called when the browser does not keep what it is given; everything then goes on in memory.
  constructor(onProblem) {
    this.#onProblem = onProblem;
    try {
      for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
        this.#read(key, localStorage.getItem(key));
      }
    } catch {
      onProblem(CLOSED);
    }
  }

  // The last used first.
  list() {
    return [...this.#all.values()].sort((one, other) => other.updated - one.updated);
  }

  get(id) {
    return this.#all.get(id);
  }

  // It is kept as soon as it is saved.
  create(model, settings) {
    return { id: newId(), title: "", updated: Date.now(), model, settings, messages: [] };
  }

  save(conversation) {
    conversation.updated = Date.now();
    this.#all.set(conversation.id, conversation);
    try {
      localStorage.setItem(PREFIX + conversation.id, JSON.stringify(conversation));
    } catch (error) {
      this.#onProblem(error?.name === "QuotaExceededError" ? FULL : CLOSED);
    }
  }

  delete(id) {
    this.#all.delete(id);
    try {
      localStorage.removeItem(PREFIX + id);
    } catch {
      // It was not kept.
    }
  }

  // Calls `changed` with the id of each conversation that another tab has changed or deleted.
  watch(changed) {
    addEventListener("storage", ({ key, newValue }) => {
      if (key?.startsWith(PREFIX)) {
        const id = key.slice(PREFIX.length);
        this.#all.delete(id);
        this.#read(key, newValue);
        changed(id);
      }
    });
  }

  // Data that cannot be read, as of another version of the page, is left alone.
  #read(key, json) {
    try {
      const conversation = JSON.parse(json);
      if (conversation && key === PREFIX + conversation.id && conversation.messages.every(isMessage)) {
        conversation.settings ??= {};
        this.#all.set(conversation.id, conversation);
      }
    } catch {
      // It was not written by this page.
    }
  }
}

const CLOSED = "This browser keeps no data for this page. Conversations are lost when the page is closed.";
const FULL = "The browser's storage for this page is full. What is new is lost when the page is closed. Delete conversations to make room.";

function isMessage(message) {
  return message.role === "assistant"
    ? message.variants.length > message.chosen && message.variants.every(({ content, calls }) => typeof content === "string" && calls)
    : typeof message.content === "string";
}

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function newVariant(model) {
  return { content: "", reasoning: "", calls: [], model };
}

export function chosen(message) {
  return message.variants[message.chosen];
}

// The first words of the first message, until the user has named the conversation.
export function titleOf(conversation) {
  const first = conversation.messages.find((message) => message.role === "user")?.content.trim().replace(/\s+/g, " ") ?? "";
  const short = first.length > 60 ? `${first.slice(0, 57)}…` : first;
  return conversation.title || short || "New conversation";
}

// The messages as the server reads them, before the message at `end`. Answers without content, as after an error, are left out, and what
// the user wrote before and after them becomes one message, because most templates want user and assistant to alternate.
export function toWire({ settings, messages }, end = messages.length) {
  const wire = settings.system?.trim() ? [{ role: "system", content: settings.system }] : [];
  for (const [index, message] of messages.slice(0, end).entries()) {
    if (message.role === "assistant") {
      wire.push(...answerToWire(chosen(message), messages[index + 1]?.role === "tool"));
    } else if (message.role === "tool") {
      wire.push({ role: "tool", tool_call_id: message.id, name: message.name, content: message.content });
    } else if (wire.at(-1)?.role === "user") {
      wire.push({ role: "user", content: `${wire.pop().content}\n\n${message.content}` });
    } else {
      wire.push({ role: "user", content: message.content });
    }
  }

  return wire;
}

// Calls without results are left out as well.
function answerToWire({ content, reasoning, calls }, hasResults) {
  if (!content && !hasResults) {
    return [];
  }

  const message = { role: "assistant", content };
  if (reasoning) {
    message.reasoning_content = reasoning;
  }

  if (hasResults) {
    message.tool_calls = calls.map((call) => ({
      id: call.id, type: "function", function: { name: call.name, arguments: call.arguments },
    }));
  }

  return [message];
}
