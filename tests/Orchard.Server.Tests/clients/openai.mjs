import assert from "node:assert/strict";
import OpenAI from "openai";
import { citiesQuestion, city, leave, picture, question, weatherQuestion } from "./common.mjs";

const weather = { type: "function", function: { name: "get_weather", description: "Gets the weather of a city.", parameters: city } };
const model = "starter";

export function openai(url, embedder) {
  const client = new OpenAI({ baseURL: `${url}v1`, apiKey: "none" });
  const messages = [{ role: "user", content: question }];
  return {
    async models() {
      const models = await client.models.list();
      assert.ok(models.data.some((one) => one.id === model));
      assert.equal((await client.models.retrieve(model)).id, model);
    },
    async chat() {
      const answer = await client.chat.completions.create({ model, messages, temperature: 0 });
      assert.match(answer.choices[0].message.content, /Paris/);
      assert.equal(answer.choices[0].finish_reason, "stop");
      assert.equal(answer.usage.prompt_tokens + answer.usage.completion_tokens, answer.usage.total_tokens);
    },
    async stream() {
      let text = "";
      let usage;
      const stream = await client.chat.completions.create({
        model, messages, temperature: 0, stream: true, stream_options: { include_usage: true },
      });
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? "";
        usage = chunk.usage ?? usage;
      }
      assert.match(text, /Paris/);
      assert.ok(usage.completion_tokens > 0);
    },
    async tools() {
      for (const tool_choice of ["auto", "required", { type: "function", function: { name: "get_weather" } }]) {
        const asked = await client.chat.completions.create({
          model, temperature: 0, tools: [weather], tool_choice, messages: [{ role: "user", content: weatherQuestion }],
        });
        const { message } = asked.choices[0];
        if (tool_choice !== "auto") {
          assert.equal(asked.choices[0].finish_reason, "tool_calls");
        }
        if (!message.tool_calls) {
          continue;
        }
        assert.equal(typeof JSON.parse(message.tool_calls[0].function.arguments).city, "string");
        const answered = await client.chat.completions.create({
          model, temperature: 0, tools: [weather],
          messages: [
            { role: "user", content: weatherQuestion },
            message,
            ...message.tool_calls.map((call) => ({ role: "tool", tool_call_id: call.id, content: "sunny" })),
          ],
        });
        assert.ok(answered.choices[0].message.content || answered.choices[0].message.tool_calls);
      }
    },
    async parallelTools() {
      const asked = await client.chat.completions.create({
        model, temperature: 0, tools: [weather], tool_choice: "required", min_tool_calls: 2, max_tool_calls: 2,
        messages: [{ role: "user", content: citiesQuestion }],
      });
      const calls = asked.choices[0].message.tool_calls;
      assert.equal(calls.length, 2);
      assert.notEqual(calls[0].id, calls[1].id);
    },
    async toolStream() {
      const runner = client.chat.completions.stream({
        model, temperature: 0, tools: [weather], tool_choice: "required", messages: [{ role: "user", content: weatherQuestion }],
      });
      const final = await runner.finalChatCompletion();
      assert.equal(typeof JSON.parse(final.choices[0].message.tool_calls[0].function.arguments).city, "string");
    },
    async structuredOutput() {
      const answer = await client.chat.completions.create({
        model, messages, temperature: 0,
        response_format: { type: "json_schema", json_schema: { name: "capital", strict: true, schema: city } },
      });
      assert.equal(typeof JSON.parse(answer.choices[0].message.content).city, "string");
      const object = await client.chat.completions.create({
        model, messages, temperature: 0, max_tokens: 200, response_format: { type: "json_object" },
      });
      assert.ok(object.choices[0].message.content.startsWith("{"));
    },
    async embeddings() {
      const found = await client.embeddings.create({ model: embedder, input: ["hello", "world"] });
      assert.equal(found.data.length, 2);
      assert.ok(found.data[0].embedding.length > 8);
    },
    async completions() {
      const answer = await client.completions.create({ model, prompt: "Once upon a time", max_tokens: 4, ignore_eos: true });
      assert.ok(answer.choices[0].text.length > 0);
    },
    async responses() {
      const first = await client.responses.create({ model, input: question, temperature: 0 });
      assert.match(first.output_text, /Paris/);
      const second = await client.responses.create({ model, input: "And of Italy?", previous_response_id: first.id });
      assert.equal(second.status, "completed");
      assert.equal((await client.responses.retrieve(first.id)).id, first.id);
      await client.responses.delete(first.id);
      let text = "";
      for await (const event of await client.responses.create({ model, input: question, temperature: 0, stream: true })) {
        text += event.type === "response.output_text.delta" ? event.delta : "";
      }
      assert.match(text, /Paris/);
    },
    async errors() {
      await assert.rejects(
        client.chat.completions.create({ model: "none", messages }),
        (error) => error.status === 404 && error.code === "model_not_found",
      );
      await assert.rejects(
        client.chat.completions.create({ model, messages, temperature: -1 }),
        (error) => error.status === 400 && error.param === "temperature",
      );
      await assert.rejects(
        client.images.generate({ prompt: question }),
        (error) => error.status === 404 && error.code === "unknown_url" && /no POST \/v1\/images/.test(error.message),
      );
      await assert.rejects(
        client.get("/chat/completions"),
        (error) => error.status === 405 && error.code === "method_not_supported" && /use POST/.test(error.message),
      );
    },
    async images() {
      const content = [{ type: "text", text: question }, { type: "image_url", image_url: { url: `data:image/png;base64,${picture}` } }];
      await assert.rejects(
        client.chat.completions.create({ model, messages: [{ role: "user", content }] }),
        (error) => error.status === 400 && error.param === "messages[0].content[1]" && /is an image/.test(error.message),
      );
    },
    async cancel() {
      await leave(await client.chat.completions.create({ model, messages, stream: true, ignore_eos: true }));
    },
  };
}
