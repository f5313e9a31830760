// Calls of the server. Addresses are relative to the page, so that it works below any path.

import { readEvents, readJsonLines } from "./events.js";

export class ServerError extends Error {
  constructor(message, code = "", status = 0) {
    super(message);
    this.name = "ServerError";
    this.code = code;
    this.status = status;
  }
}

export class Server {
  #keys;

  // `keys` has the API key: current, and ask(isWrong), which asks the user for one, or returns null.
  constructor(keys) {
    this.#keys = keys;
  }

  // The models that can chat.
  async listModels() {
    const { data } = await (await this.#send("api/v0/models")).json();
    return data.filter((model) => model.type !== "embeddings");
  }

  // Loads a model. `report` gets each line of progress.
  async load(model, report, signal) {
    const response = await this.#send("page/load", { model }, signal);
    let status = "";
    for await (const line of readJsonLines(response.body)) {
      ({ status } = line);
      if (status === "error") {
        throw new ServerError(line.message, line.code);
      }

      report(line);
    }

    if (status !== "ready") {
      throw new ServerError("The connection to the server ended before the model was loaded.");
    }
  }

  // Streams an answer: calls `open` with the names of ignored fields, then `read` with each chunk.
  async chat(request, { open, read }, signal) {
    const body = { ...request, stream: true, stream_options: { include_usage: true } };
    const response = await this.#send("v1/chat/completions", body, signal);
    open(response.headers.get("X-Orchard-Ignored") ?? "");
    let isDone = false;
    for await (const event of readEvents(response.body)) {
      if (event.data === "[DONE]") {
        isDone = true;
        continue;
      }

      const chunk = JSON.parse(event.data);
      if (chunk.error) {
        throw new ServerError(chunk.error.message, chunk.error.code);
      }

      read(chunk);
    }

    if (!isDone) {
      throw new ServerError("The connection to the server ended before the answer was complete.");
    }
  }

  async #send(path, body, signal) {
    for (;;) {
      const key = this.#keys.current;
      const response = await this.#fetch(path, body, key, signal);
      if (response.ok) {
        return response;
      }

      const error = await errorOf(response);
      if (response.status !== 401) {
        throw error;
      }

      // Another call may have asked in the meantime.
      if (this.#keys.current === key && !await this.#keys.ask(Boolean(key))) {
        throw error;
      }
    }
  }

  async #fetch(path, body, key, signal) {
    // An error in the middle of a stream is read there; the connection need not be cut for it.
    const headers = { "X-Orchard-Errors": "in-stream", ...(key && { Authorization: `Bearer ${key}` }) };
    const post = { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) };
    try {
      return await fetch(path, { cache: "no-store", signal, ...(body ? post : { headers }) });
    } catch (error) {
      throw signal?.aborted ? error : new ServerError("The server cannot be reached. Is it still running?", "unreachable");
    }
  }
}

async function errorOf(response) {
  let error = null;
  try {
    ({ error } = await response.json());
  } catch {
    // Not from this server, but from something before it.
  }

  const message = error?.message ?? `The server answered with the status ${response.status}.`;
  return new ServerError(message, error?.code ?? "", response.status);
}
