const model = document.querySelector("#model");
const turnsView = document.querySelector("#turns");
const form = document.querySelector("#ask");
const question = document.querySelector("#question");
const send = document.querySelector("#send");
const stop = document.querySelector("#stop");

let turns = [];
let answering = null; // the AbortController of the answer under way

for (const name of await (await fetch("api/models")).json()) {
  const label = name.split(/[\\/]/).pop(); // of a path, the file's name
  model.add(new Option(label, name));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (text && !answering) {
    question.value = "";
    ask(text);
  }
});

question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

stop.addEventListener("click", () => answering?.abort());

document.querySelector("#clear").addEventListener("click", () => {
  answering?.abort();
  turns = [];
  turnsView.replaceChildren();
  question.focus();
});

async function ask(text) {
  const conversation = turns;
  conversation.push({ isUser: true, text });
  show("user").text.textContent = text;
  const view = show("assistant");
  let answer = "";
  let pieces = 0;
  let begun = 0;
  const abort = answering = new AbortController();
  setBusy(true);
  try {
    for await (const { event, data } of events({ model: model.value, turns: conversation }, abort.signal)) {
      if (event === "text") {
        begun ||= performance.now();
        answer += data;
        pieces++;
        view.text.textContent = answer;
        view.note.textContent = rate(pieces, (performance.now() - begun) / 1000);
        turnsView.scrollTop = turnsView.scrollHeight;
      } else if (event === "end") {
        const speed = data.tokensPerSecond ? `${Math.round(data.tokensPerSecond)} tokens/s, ` : "";
        view.note.textContent = `${data.tokens} tokens, ${speed}first token after ${Math.round(data.firstTokenMilliseconds)} ms`;
      } else if (event === "error") {
        throw new Error(data);
      }
    }
  } catch (error) {
    if (error.name === "AbortError") {
      view.note.textContent = "stopped";
    } else {
      view.article.classList.add("failed");
      view.text.textContent = answer ? `${answer}\n${error.message}` : error.message;
    }
  } finally {
    // A partial answer stays in the conversation. A question without an answer is removed, so that user and assistant turns alternate.
    if (answer) {
      conversation.push({ isUser: false, text: answer });
    } else {
      conversation.pop();
    }

    if (answering === abort) {
      answering = null;
      setBusy(false);
    }
  }
}

function rate(pieces, seconds) {
  return seconds > 0.2 ? `about ${Math.round(pieces / seconds)} tokens/s` : "";
}

function setBusy(busy) {
  send.hidden = busy;
  stop.hidden = !busy;
  if (!busy) {
    question.focus();
  }
}

function show(kind) {
  const article = document.createElement("article");
  article.className = kind;
  const text = article.appendChild(document.createElement("p"));
  const note = article.appendChild(document.createElement("small"));
  turnsView.append(article);
  turnsView.scrollTop = turnsView.scrollHeight;
  return { article, text, note };
}

// Server-sent events of a POST, which EventSource cannot send. Their data is JSON.
async function* events(body, signal) {
  const response = await fetch("api/chat", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) {
    throw new Error(await response.text());
  }

  let rest = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop();
    yield* blocks.map(parse);
  }
}

function parse(block) {
  const fields = {};
  for (const line of block.split("\n")) {
    const [name, value] = line.split(/: (.*)/s);
    fields[name] = value;
  }

  return { event: fields.event, data: JSON.parse(fields.data) };
}
