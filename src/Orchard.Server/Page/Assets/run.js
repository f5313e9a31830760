// One answer under way: loads the model if necessary, asks the server, and fills a variant of the answer.

import { toWire } from "./conversations.js";
import { toRequest } from "./settings.js";

export class Run {
  // What is being done, for people.
  status = "Waiting for the server";

  #abort = new AbortController();
  #server;
  #picker;
  #changed;

  // `changed` is called whenever there is more to show.
  constructor(server, picker, changed) {
    this.#server = server;
    this.#picker = picker;
    this.#changed = changed;
  }

  stop() {
    this.#abort.abort();
  }

  // Fills the variant from the messages before `end`. Never throws: what goes wrong is in the variant.
  async fill(variant, conversation, end) {
    const timer = new Timer();
    try {
      if (!variant.model) {
        throw new Error("There is no model to ask. Download one, or add one to the options of the server.");
      }

      const request = { model: variant.model, messages: toWire(conversation, end), ...toRequest(conversation.settings) };
      await this.#picker.ensureLoaded(variant.model, this.#abort.signal, (progress) => this.#show(progress));
      this.#show("Reading the prompt");
      timer.start();
      await this.#server.chat(request, {
        open: (ignored) => { variant.ignored = ignored; },
        read: (chunk) => this.#read(variant, chunk, timer),
      }, this.#abort.signal);
    } catch (error) {
      dropIncompleteCalls(variant);
      if (this.#abort.signal.aborted) {
        variant.end = "stopped";
      } else {
        variant.error = error.message;
      }
    }

    variant.stats = timer.measure(variant.stats);
    this.status = "";
    this.#changed();
  }

  #show(status) {
    this.status = status;
    this.#changed();
  }

  #read(variant, { choices, usage }, timer) {
    if (usage) {
      variant.stats = {
        promptTokens: usage.prompt_tokens,
        tokens: usage.completion_tokens,
        reasoningTokens: usage.completion_tokens_details?.reasoning_tokens ?? 0,
      };
    }

    for (const { delta, finish_reason: reason } of choices) {
      const reasoning = delta.reasoning_content ?? delta.reasoning ?? "";
      variant.reasoning += reasoning;
      variant.content += delta.content ?? "";
      delta.tool_calls?.forEach((call) => addCall(variant.calls, call));
      variant.end = reason ?? variant.end;
      if (reasoning || delta.content || delta.tool_calls) {
        timer.count();
      }

      this.status = variant.content || variant.calls.length > 0 ? "Answering" : variant.reasoning ? "Reasoning" : this.status;
    }

    this.rate = timer.rate;
    this.#changed();
  }
}

// The first part of a call has its name, and later parts add to its arguments.
function addCall(calls, { index, id, function: part }) {
  calls[index] ??= { id: id ?? `call-${index}`, name: "", arguments: "" };
  calls[index].name += part.name ?? "";
  calls[index].arguments += part.arguments ?? "";
}

// Of an answer that was cut off.
function dropIncompleteCalls(variant) {
  variant.calls = variant.calls.filter((call) => {
    try {
      return Boolean(JSON.parse(call.arguments));
    } catch {
      return false;
    }
  });
}

// Speed is counted from the first part, so the time that the prompt takes is a figure of its own.
class Timer {
  #start = 0;
  #first = 0;
  #last = 0;
  #parts = 0;

  start() {
    this.#start = performance.now();
  }

  count() {
    this.#last = performance.now();
    this.#first ||= this.#last;
    this.#parts++;
  }

  // Parts per second: about the tokens per second, whose number is known at the end.
  get rate() {
    return this.#rateOf(this.#parts);
  }

  measure(stats) {
    return this.#first === 0 ? stats : {
      ...stats,
      firstSeconds: (this.#first - this.#start) / 1000,
      rate: this.#rateOf(stats?.tokens ?? this.#parts),
    };
  }

  #rateOf(tokens) {
    const seconds = (this.#last - this.#first) / 1000;
    return seconds > 0 && tokens > 1 ? (tokens - 1) / seconds : 0;
  }
}
