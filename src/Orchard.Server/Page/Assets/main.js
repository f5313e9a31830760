// The page: puts the parts together.

import { ask, submitOnEnter } from "./dialogs.js";
import { chosen, Conversations, newVariant, titleOf, toWire } from "./conversations.js";
import { announce, button, element, find } from "./dom.js";
import { Keys } from "./keys.js";
import { ModelPicker } from "./models.js";
import { Run } from "./run.js";
import { Server } from "./server.js";
import { lastSettings, showSettings } from "./settings.js";
import { Panel, save, showConversations } from "./sidebar.js";
import { Transcript } from "./transcript.js";

const SAVE_INTERVAL = 2000;
const keys = new Keys();
const server = new Server(keys);
const notices = new Map(); // by subject: what is shown
const conversations = new Conversations((problem) => notify("storage", problem));
const picker = new ModelPicker(server, {
  onChoice: (model) => {
    current.model = model;
    saveIfKept(current);
  },
  onProblem: (error, retry) => notify("server", error?.message ?? "", retry),
});
const transcript = new Transcript(find("transcript"), {
  regenerate: (index) => answerAgain(index),
  retry: (index) => answerAgain(index),
  choose: chooseVariant,
  edit: editQuestion,
  sendResults: (index, results) => {
    current.messages.splice(index + 1, Infinity, ...results);
    answer();
  },
});
const sidebar = new Panel(find("sidebar"), find("open-sidebar"), find("close-sidebar"), true);
const settings = new Panel(find("settings"), find("open-settings"), find("close-settings"), false);
const message = find("message");
const runs = new Map(); // by conversation: the answer under way

let current = conversations.list()[0] ?? conversations.create("", lastSettings());

start();

async function start() {
  find("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  message.addEventListener("input", fitMessage);
  message.addEventListener("keydown", onMessageKey);
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && !document.querySelector("dialog[open]")) {
      runs.get(current.id)?.stop();
    }
  });
  find("stop").addEventListener("click", () => runs.get(current.id)?.stop());
  find("new").addEventListener("click", () => open(conversations.create(picker.current, lastSettings())));
  find("download").addEventListener("click", download);
  find("forget-key").addEventListener("click", () => {
    keys.forget();
    showKey();
    picker.refresh();
  });
  document.querySelectorAll("dialog").forEach(submitOnEnter);
  conversations.watch(onChangeElsewhere);
  addEventListener("pagehide", () => runs.forEach((run) => saveIfKept(run.conversation)));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      picker.refresh().then(showKey);
    }
  });
  open(current);
  await picker.refresh();
  picker.choose(current.model);
  showKey();
}

function open(conversation) {
  current = conversation;
  picker.choose(conversation.model);
  showSettings(find("fields"), conversation.settings, () => saveIfKept(conversation));
  sidebar.closeIfNarrow();
  show();
  focusMessage();
}

function show() {
  const run = runs.get(current.id) ?? null;
  transcript.show(current, run);
  showList();
  find("send").hidden = Boolean(run);
  find("stop").hidden = !run;
}

function showList() {
  document.title = `${titleOf(current)} – Orchard`;
  find("title").textContent = titleOf(current);
  showConversations(conversations.list(), current.id, { open: (id) => open(conversations.get(id)), rename, exportFile, remove });
}

// A conversation is kept from its first message on, until it is deleted.
function saveIfKept(conversation) {
  if (conversations.get(conversation.id)) {
    conversations.save(conversation);
  }
}

function send() {
  const text = message.value.trim();
  if (!text || runs.has(current.id)) {
    return;
  }

  message.value = "";
  fitMessage();
  current.messages.push({ role: "user", content: text });
  answer();
}

// Adds an answer to the last message.
function answer() {
  current.messages.push({ role: "assistant", variants: [newVariant(picker.current)], chosen: 0 });
  fill(current, current.messages.length - 1);
}

// Adds a variant to an answer, or fills it again if there is nothing in it.
function answerAgain(index) {
  const { messages } = current;
  messages.splice(index + 1);
  const last = messages[index];
  const { content, reasoning, calls } = chosen(last);
  if (content || reasoning || calls.length > 0) {
    last.chosen = last.variants.push(newVariant(picker.current)) - 1;
  } else {
    last.variants[last.chosen] = newVariant(picker.current);
  }

  fill(current, index);
}

async function fill(conversation, index) {
  const variant = chosen(conversation.messages[index]);
  const run = new Run(server, picker, () => {
    if (current === conversation) {
      transcript.update();
    }
  });
  run.conversation = conversation;
  runs.set(conversation.id, run);
  conversation.model = variant.model;
  conversations.save(conversation);
  const timer = setInterval(() => saveIfKept(conversation), SAVE_INTERVAL);
  show();
  announce("The answer begins.");
  focusMessage();
  await run.fill(variant, conversation, index);
  clearInterval(timer);
  runs.delete(conversation.id);
  saveIfKept(conversation);
  if (current === conversation) {
    announce(transcript.spoken);
    const wasOnStop = document.activeElement === find("stop");
    show();
    if (wasOnStop) {
      message.focus();
    }
  } else {
    showList();
  }

  showKey();
}

// What had the focus may be gone. On a touch screen the keyboard would cover the answer.
function focusMessage() {
  if (!matchMedia("(pointer: coarse)").matches) {
    message.focus();
  }
}

function chooseVariant(index, step) {
  const answered = current.messages[index];
  answered.chosen = Math.min(answered.variants.length - 1, Math.max(0, answered.chosen + step));
  conversations.save(current);
  transcript.showAgain(current, runs.get(current.id) ?? null);
  const buttons = find("transcript").children[index].querySelectorAll("button[aria-label$=' answer']");
  [buttons[step < 0 ? 0 : 1], buttons[step < 0 ? 1 : 0]].find((one) => !one.disabled)?.focus();
  announce(`Answer ${answered.chosen + 1} of ${answered.variants.length}`);
}

function editQuestion(index, text) {
  if (!runs.has(current.id)) {
    current.messages.splice(index, Infinity, { role: "user", content: text.trim() });
    answer();
  }
}

async function rename(id) {
  const conversation = conversations.get(id);
  const title = await ask({ title: "Rename the conversation", label: "Title", value: titleOf(conversation), ok: "Rename" });
  if (title) {
    conversation.title = title;
    conversations.save(conversation);
    showList();
  }
}

async function remove(id) {
  const conversation = conversations.get(id);
  const text = `“${titleOf(conversation)}” is removed for good.`;
  const isSure = await ask({ title: "Delete the conversation?", text, ok: "Delete" });
  if (isSure !== null) {
    runs.get(id)?.stop();
    conversations.delete(id);
    open(conversations.list()[0] ?? conversations.create(picker.current, lastSettings()));
    announce("The conversation is deleted.");
  }
}

function exportFile(id) {
  const conversation = conversations.get(id);
  const title = titleOf(conversation);
  const content = { title, model: conversation.model, settings: conversation.settings, messages: toWire(conversation) };
  save(`${title.replace(/[^\p{L}\p{N} -]/gu, "").trim() || "conversation"}.json`, JSON.stringify(content, null, 2));
}

async function download() {
  const answer = await ask({
    title: "Download a model",
    text: "The server downloads it from the hub that it is configured for, and loads it.",
    label: "Name, such as owner/repository or owner/repository:Q4_K_M",
    ok: "Download",
  });
  const name = answer?.trim().replace(/^hf\.co\//i, ""); // which the server leaves out of the list of models
  if (name) {
    sidebar.closeIfNarrow();
    await picker.load(name);
    picker.choose(name);
  }
}

function onMessageKey(event) {
  // The keyboard of a touch screen has no Shift+Enter, and Enter may end a word of an input method.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !matchMedia("(pointer: coarse)").matches) {
    event.preventDefault();
    send();
  }
}

function fitMessage() {
  message.style.height = "auto";
  message.style.height = `${message.scrollHeight + 2}px`;
}

function onChangeElsewhere(id) {
  const changed = conversations.get(id);
  if (id === current.id && changed && !runs.has(id)) {
    open(changed);
  } else {
    showList();
  }
}

function showKey() {
  find("forget-key").hidden = !keys.current;
}

// Shows what is wrong with a subject, or with an empty text that nothing is.
function notify(subject, text, retry = null) {
  notices.delete(subject);
  if (text) {
    notices.set(subject, element("p", {}, text, retry && " ", retry && button("Retry", retry)));
  }

  find("notice").hidden = notices.size === 0;
  find("notice").replaceChildren(...notices.values());
}
