import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { citiesQuestion, city, leave, picture, question, weatherQuestion } from "./common.mjs";

const weather = { name: "get_weather", description: "Gets the weather of a city.", input_schema: city };
const model = "starter";

export function anthropic(url) {
  const client = new Anthropic({ baseURL: url, apiKey: "none", maxRetries: 0 });
  const messages = [{ role: "user", content: question }];
  return {
    async models() {
      const models = await client.models.list();
      assert.ok(models.data.some((one) => one.id === model));
    },
    async chat() {
      const answer = await client.messages.create({ model, messages, max_tokens: 64, temperature: 0, system: "Be brief." });
      assert.match(answer.content.at(-1).text, /Paris/);
      assert.equal(answer.stop_reason, "end_turn");
    },
    async stream() {
      const stream = client.messages.stream({ model, messages, max_tokens: 64, temperature: 0 });
      let text = "";
      stream.on("text", (part) => (text += part));
      const final = await stream.finalMessage();
      assert.equal(final.content.at(-1).text, text);
      assert.ok(final.usage.output_tokens > 0);
    },
    async tools() {
      for (const tool_choice of [{ type: "auto" }, { type: "any" }, { type: "tool", name: "get_weather" }]) {
        const ask = { role: "user", content: weatherQuestion };
        const asked = await client.messages.create({
          model, max_tokens: 200, temperature: 0, tools: [weather], tool_choice, messages: [ask],
        });
        const calls = asked.content.filter((block) => block.type === "tool_use");
        if (tool_choice.type === "auto" && calls.length === 0) {
          continue;
        }
        assert.equal(asked.stop_reason, "tool_use");
        assert.equal(typeof calls[0].input.city, "string");
        await client.messages.create({
          model, max_tokens: 64, temperature: 0, tools: [weather],
          messages: [
            ask,
            { role: "assistant", content: asked.content },
            { role: "user", content: calls.map((call) => ({ type: "tool_result", tool_use_id: call.id, content: "sunny" })) },
          ],
        });
      }
    },
    async parallelTools() {
      const ask = { role: "user", content: citiesQuestion };
      const request = {
        model, max_tokens: 300, temperature: 0, tools: [weather], tool_choice: { type: "any" },
        min_tool_calls: 2, max_tool_calls: 2, messages: [ask],
      };
      for (const asked of [await client.messages.create(request), await client.messages.stream(request).finalMessage()]) {
        const calls = asked.content.filter((block) => block.type === "tool_use");
        assert.equal(calls.length, 2);
        assert.notEqual(calls[0].id, calls[1].id);
        assert.ok(calls.every((call) => typeof call.input.city === "string"));
      }
    },
    async toolStream() {
      const stream = client.messages.stream({
        model, max_tokens: 200, temperature: 0, tools: [weather], tool_choice: { type: "any" },
        messages: [{ role: "user", content: weatherQuestion }],
      });
      const final = await stream.finalMessage();
      assert.equal(typeof final.content.find((block) => block.type === "tool_use").input.city, "string");
    },
    async structuredOutput() {
      const answer = await client.messages.create({
        model, messages, max_tokens: 100, temperature: 0, output_config: { format: { type: "json_schema", schema: city } },
      });
      assert.equal(typeof JSON.parse(answer.content.at(-1).text).city, "string");
    },
    async countTokens() {
      assert.ok((await client.messages.countTokens({ model, messages })).input_tokens > 0);
    },
    async errors() {
      await assert.rejects(client.messages.create({ model: "none", messages, max_tokens: 1 }), Anthropic.NotFoundError);
      await assert.rejects(client.messages.create({ model, messages, max_tokens: 1, temperature: -1 }), Anthropic.BadRequestError);
      for (const unknown of [() => client.messages.batches.list(), () => client.beta.files.list()]) {
        await assert.rejects(
          unknown(),
          (error) => error instanceof Anthropic.NotFoundError && error.error.error.type === "not_found_error" && /There is no GET/.test(error.message),
        );
      }
    },
    async images() {
      const source = { type: "base64", media_type: "image/png", data: picture };
      const content = [{ type: "image", source }, { type: "text", text: question }];
      await assert.rejects(
        client.messages.create({ model, max_tokens: 1, messages: [{ role: "user", content }] }),
        (error) => error instanceof Anthropic.BadRequestError && /is an image/.test(error.message),
      );
    },
    async cancel() {
      await leave(await client.messages.create({ model, messages, max_tokens: 1000, stream: true }));
    },
  };
}
