// Readers of streamed responses.

// The connection ended while a response was read.
export class ConnectionLost extends Error {}

async function* readLinesOf(stream, endings) {
  let rest = "";
  for await (const chunk of chunksOf(stream.pipeThrough(new TextDecoderStream()))) {
    rest += chunk;
    // A carriage return at the end may be the first half of a line break.
    const complete = rest.endsWith("\r") ? rest.slice(0, -1) : rest;
    const lines = complete.split(endings);
    rest = lines.pop() + rest.slice(complete.length);
    yield* lines;
  }

  if (rest) {
    yield rest;
  }
}

// Not every browser can iterate a stream.
async function* chunksOf(stream) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause) => {
        throw new ConnectionLost("The connection to the server was lost.", { cause });
      });
      if (done) {
        return;
      }

      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

// Server-sent events of a POST, which EventSource cannot send: { name, data }. An event without its blank line is incomplete.
export async function* readEvents(stream) {
  let name = "";
  let data = [];
  for await (const line of readLinesOf(stream, /\r\n|\n|\r/)) {
    if (line === "") {
      if (data.length > 0) {
        yield { name, data: data.join("\n") };
      }

      name = "";
      data = [];
      continue;
    }

    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") {
      name = value;
    } else if (field === "data") {
      data.push(value);
    }
  }
}

// One JSON object a line.
export async function* readJsonLines(stream) {
  for await (const line of readLinesOf(stream, /\r?\n/)) {
    if (line.trim()) {
      yield JSON.parse(line);
    }
  }
}
