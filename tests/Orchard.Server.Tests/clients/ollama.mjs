import assert from "node:assert/strict";
import { Ollama } from "ollama";
import { citiesQuestion, city, picture, question, weatherQuestion } from "./common.mjs";

const weather = { type: "function", function: { name: "get_weather", description: "Gets the weather of a city.", parameters: city } };
const model = "starter";

export function ollama(url, embedder) {
  const client = new Ollama({ host: url });
  const messages = [{ role: "user", content: question }];
  const options = { temperature: 0 };
  return {
    async models() {
      assert.ok((await client.list()).models.some((one) => one.name === model));
      assert.ok((await client.show({ model })).capabilities.includes("completion"));
      assert.ok((await client.version()).version);
    },
    async chat() {
      const answer = await client.chat({ model, messages, options });
      assert.match(answer.message.content, /Paris/);
      assert.equal(answer.done_reason, "stop");
    },
    async stream() {
      let text = "";
      let last;
      for await (const part of await client.chat({ model, messages, options, stream: true })) {
        text += part.message.content;
        last = part;
      }
      assert.match(text, /Paris/);
      assert.ok(last.done && last.eval_count > 0);
    },
    async generate() {
      assert.match((await client.generate({ model, prompt: question, options })).response, /Paris/);
    },
    async tools() {
      const ask = { role: "user", content: weatherQuestion };
      const asked = await client.chat({ model, messages: [ask], tools: [weather], options });
      if (asked.message.tool_calls) {
        assert.equal(typeof asked.message.tool_calls[0].function.arguments, "object");
        const answered = await client.chat({
          model, options, tools: [weather],
          messages: [ask, asked.message, { role: "tool", tool_name: "get_weather", content: "sunny" }],
        });
        assert.equal(answered.message.role, "assistant");
      }
    },
    async forcedTools() {
      for (const tool_choice of ["required", { type: "function", function: { name: "get_weather" } }]) {
        const asked = await client.chat({ model, messages, tools: [weather], tool_choice, options });
        assert.equal(typeof asked.message.tool_calls[0].function.arguments.city, "string");
      }
    },
    async parallelTools() {
      const request = {
        model, tools: [weather], tool_choice: "required", min_tool_calls: 2, max_tool_calls: 2, options,
        messages: [{ role: "user", content: citiesQuestion }],
      };
      assert.equal((await client.chat(request)).message.tool_calls.length, 2);
      let calls = 0;
      for await (const part of await client.chat({ ...request, stream: true })) {
        calls += part.message.tool_calls?.length ?? 0;
      }
      assert.equal(calls, 2);
    },
    async structuredOutput() {
      const answer = await client.chat({ model, messages, options, format: city });
      assert.equal(typeof JSON.parse(answer.message.content).city, "string");
    },
    async embeddings() {
      assert.equal((await client.embed({ model: embedder, input: ["hello", "world"] })).embeddings.length, 2);
    },
    async keepAlive() {
      await client.chat({ model, messages, options: { temperature: 0, num_predict: 1 }, keep_alive: "10m" });
      assert.ok((await client.ps()).models.some((one) => one.name === model));
    },
    async errors() {
      await assert.rejects(client.chat({ model: "none", messages }), /not found/);
      await assert.rejects(client.chat({ model, messages, options: { temperature: -1 } }), /temperature/i);
      await assert.rejects(client.create({ model: "mine", from: model }), /There is no POST \/api\/create/);
    },
    async images() {
      await assert.rejects(client.chat({ model, messages: [{ role: "user", content: question, images: [picture] }] }), /is an image/);
      await assert.rejects(client.generate({ model, prompt: question, images: [picture] }), /is an image/);
    },
    async cancel() {
      const stream = await client.chat({ model, messages: [{ role: "user", content: "Tell me a long story." }], stream: true });
      await assert.rejects(async () => {
        let parts = 0;
        for await (const _ of stream) {
          if (++parts === 2) {
            stream.abort();
          }
        }
      }, /abort/i);
    },
  };
}
