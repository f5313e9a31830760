// The settings of a conversation: what the request to the server has beside the messages. An empty field is not sent.

import { button, element, newId } from "./dom.js";

const KEY = "orchard.settings";

const FIELDS = [
  { name: "system", label: "System prompt", kind: "text", rows: 4, isPrompt: true },
  { name: "temperature", label: "Temperature", min: 0, max: 5, step: "any", hint: "0 takes the most probable token; more varies more" },
  { name: "top_p", label: "Top P", min: 0, max: 1, step: "any", hint: "Keeps the most probable tokens up to this sum" },
  { name: "top_k", label: "Top K", min: 0, step: 1, hint: "Keeps this many tokens; 0 for all" },
  { name: "min_p", label: "Min P", min: 0, max: 1, step: "any", hint: "Drops tokens below this fraction of the highest" },
  { name: "max_tokens", label: "Maximum tokens", min: 1, step: 1 },
  { name: "seed", label: "Seed", step: 1, hint: "For answers that can be repeated" },
  { name: "stop", label: "Stop sequences", kind: "text", rows: 2, hint: "One per line; the answer ends before any of them" },
  {
    name: "reasoning_effort",
    label: "Reasoning",
    kind: "choice",
    choices: [
      ["", "Default of the model"], ["none", "Off"], ["minimal", "Minimal"], ["low", "Low"], ["medium", "Medium"], ["high", "High"],
    ],
  },
  {
    name: "tools",
    label: "Tools",
    kind: "text",
    rows: 6,
    isCode: true,
    hint: "A JSON list of functions with name, description and parameters (JSON Schema). You enter the results of calls yourself",
  },
];

// Why a value is not allowed, or an empty text.
export function problemOf(name, value) {
  const field = FIELDS.find((one) => one.name === name);
  if (value.trim() === "") {
    return "";
  }

  if (name === "tools") {
    try {
      readTools(value);
      return "";
    } catch (error) {
      return error.message;
    }
  }

  return field.kind ? "" : problemOfNumber(field, Number(value));
}

function problemOfNumber({ min, max, step }, number) {
  if (!Number.isFinite(number)) {
    return "This is not a number.";
  }

  if (step === 1 && !Number.isSafeInteger(number)) {
    return "This is not a whole number.";
  }

  if (number < min || number > max) {
    return max === undefined ? `The least is ${min}.` : `Allowed is ${min} to ${max}.`;
  }

  return "";
}

// The fields of the request. What is not allowed is an error.
export function toRequest(settings) {
  const request = {};
  for (const field of FIELDS.filter(({ isPrompt }) => !isPrompt)) {
    const value = settings[field.name] ?? "";
    const problem = problemOf(field.name, value);
    if (problem) {
      throw new Error(`The setting “${field.label}” cannot be used. ${problem}`);
    }

    if (value.trim() !== "") {
      request[field.name] = toValue(field, value);
    }
  }

  return request;
}

function toValue({ name, kind }, value) {
  switch (name) {
    case "stop":
      return value.split("\n").filter((line) => line !== "");
    case "tools":
      return readTools(value);
    default:
      return kind ? value : Number(value);
  }
}

// A list of functions, or of OpenAI's tools with a function in each.
function readTools(json) {
  let tools;
  try {
    tools = JSON.parse(json);
  } catch (error) {
    throw new Error(`This is not JSON: ${error.message}.`);
  }

  if (!Array.isArray(tools)) {
    throw new Error("This is not a list: it must begin with “[”.");
  }

  const functions = tools.map((tool, index) => readFunction(tool, `The tool at position ${index + 1}`));
  const twice = functions.find(({ name }, index) => functions.findIndex((other) => other.name === name) < index);
  if (twice) {
    throw new Error(`Two tools have the name “${twice.name}”.`);
  }

  return functions.map((one) => ({ type: "function", function: one }));
}

function readFunction(tool, where) {
  const one = tool?.function ?? tool;
  if (typeof one !== "object" || one === null || Array.isArray(one)) {
    throw new Error(`${where} is not an object.`);
  }

  if (typeof one.name !== "string" || !/^[\w.-]{1,64}$/.test(one.name)) {
    throw new Error(`${where} has no name of up to 64 letters, digits, “_”, “-” and “.”.`);
  }

  const { parameters } = one;
  if (parameters !== undefined && (typeof parameters !== "object" || parameters === null || Array.isArray(parameters))) {
    throw new Error(`${where} has parameters that are not a JSON Schema object.`);
  }

  return one;
}

// The settings of the next new conversation: those that were changed last.
export function lastSettings() {
  try {
    const settings = JSON.parse(localStorage.getItem(KEY)) ?? {};
    return Object.fromEntries(FIELDS.filter(({ name }) => typeof settings[name] === "string").map(({ name }) => [name, settings[name]]));
  } catch {
    return {};
  }
}

function keep(settings) {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // The conversation has them.
  }
}

// Shows the settings of a conversation in a form. `changed` is called after each change.
export function showSettings(form, settings, changed) {
  const reset = button("Reset all", () => {
    for (const { name } of FIELDS) {
      delete settings[name];
    }

    keep(settings);
    changed();
    showSettings(form, settings, changed);
    form.querySelector("textarea").focus();
  });
  form.replaceChildren(...FIELDS.map((field) => fieldView(field, settings, changed)), reset);
}

function fieldView(field, settings, changed) {
  const id = newId("field");
  const control = controlOf(field);
  const problem = element("p", { className: "problem", id: `${id}-problem`, role: "alert" });
  control.id = id;
  control.name = field.name;
  control.value = settings[field.name] ?? "";
  control.setAttribute("aria-describedby", field.hint ? `${id}-hint ${id}-problem` : `${id}-problem`);
  const check = () => {
    // A number field has no value while it shows something else.
    const text = control.validity.badInput ? "This is not a number." : problemOf(field.name, control.value);
    problem.textContent = text;
    control.setAttribute("aria-invalid", String(text !== ""));
  };
  control.addEventListener("input", () => {
    settings[field.name] = control.value;
    if (control.value === "") {
      delete settings[field.name];
    }

    keep(settings);
    changed();
  });
  control.addEventListener("change", check);
  check();
  return element(
    "div",
    { className: "field" },
    element("label", { for: id }, field.label),
    control,
    field.hint && element("p", { className: "hint", id: `${id}-hint` }, `${field.hint}.`),
    problem);
}

function controlOf({ kind, rows, choices, step, min, max, isCode }) {
  switch (kind) {
    case "choice":
      return element("select", {}, ...choices.map(([value, label]) => new Option(label, value)));
    case "text":
      return element("textarea", { rows, spellcheck: !isCode, className: isCode ? "code" : "" });
    default:
      return element("input", {
        type: "number", inputMode: "decimal", step: String(step), min: min ?? "", max: max ?? "", autocomplete: "off",
      });
  }
}
