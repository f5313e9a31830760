// Shows the messages of a conversation.

import { AnswerView } from "./answer.js";
import { button, copyButton, element } from "./dom.js";

export class Transcript {
  #root;
  #actions;
  #running = null; // { view, run }
  #frame = 0;

  // `actions`: regenerate(index), retry(index), choose(index, step), edit(index, text), sendResults(index, results).
  constructor(root, actions) {
    this.#root = root;
    this.#actions = actions;
  }

  // Shows a conversation, whose last answer the run fills, or none if it is null.
  show({ messages }, run) {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#running = null;
    const last = messages.findLastIndex(({ role }) => role === "assistant");
    const views = messages.map((message, index) => {
      switch (message.role) {
        case "assistant":
          return this.#answer(message, index, { isLast: index === last, isEnd: index === messages.length - 1, run });
        case "tool":
          return resultView(message);
        default:
          return this.#question(message, index, run);
      }
    });
    this.#root.replaceChildren(...(views.length > 0 ? views : [welcome()]));
    this.scrollToEnd();
  }

  // Shows what has been added to the answer under way, at most once a frame.
  update() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#running) {
        const { view, run } = this.#running;
        const follows = this.#isAtEnd;
        view.update(run);
        if (follows) {
          this.scrollToEnd();
        }
      }
    });
  }

  // The answer under way as a screen reader is to say it.
  get spoken() {
    const { view } = this.#running;
    view.update(null);
    return view.spoken;
  }

  // Shows a conversation of which one answer has another variant now, and keeps the place.
  showAgain(conversation, run) {
    const { scrollTop } = this.#root;
    this.show(conversation, run);
    this.#root.scrollTop = scrollTop;
  }

  scrollToEnd() {
    this.#root.scrollTop = this.#root.scrollHeight;
  }

  // A user who has scrolled up is reading there.
  get #isAtEnd() {
    return this.#root.scrollHeight - this.#root.scrollTop - this.#root.clientHeight < 80;
  }

  #answer(message, index, { isLast, isEnd, run }) {
    const actions = this.#actions;
    const view = new AnswerView(message, {
      choose: (step) => actions.choose(index, step),
      regenerate: isLast ? () => actions.regenerate(index) : null,
      retry: isLast ? () => actions.retry(index) : null,
      sendResults: isEnd ? (results) => actions.sendResults(index, results) : null,
    });
    if (isEnd && run) {
      this.#running = { view, run };
    }

    view.update(isEnd ? run : null);
    return view.root;
  }

  #question({ content }, index, run) {
    const text = element("div", { className: "text plain" }, content);
    const edit = button("Edit", () => {
      article.replaceChildren(...this.#editor(content, index, () => {
        article.replaceChildren(...parts);
        edit.focus();
      }));
      article.querySelector("textarea").focus();
    }, { disabled: Boolean(run) });
    const footer = element("footer", {}, element("div", { className: "buttons" }, copyButton(() => content, "the message"), edit));
    const parts = [element("h2", { className: "who hidden" }, "You"), text, footer];
    const article = element("article", { className: "question" }, ...parts);
    return article;
  }

  #editor(content, index, close) {
    const field = element("textarea", { value: content, rows: 3, "aria-label": "Message" });
    const save = () => {
      if (field.value.trim()) {
        this.#actions.edit(index, field.value);
      }
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        close();
      } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        save();
      }
    });
    return [
      field,
      element("p", { className: "quiet" }, "The messages after this one are removed."),
      element("div", { className: "buttons" }, button("Cancel", close), button("Ask again", save, { className: "main" })),
    ];
  }
}

function resultView({ name, content }) {
  return element("article", { className: "result" },
    element("h2", { className: "who" }, `Result of ${name}`), element("pre", { tabIndex: 0 }, content));
}

function welcome() {
  return element("div", { className: "welcome" },
    element("h2", {}, "What would you like to know?"),
    element("p", {}, "The models run on the machine of this server. Conversations are kept in this browser only."));
}
