import assert from "node:assert/strict";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { embedMany, generateText, jsonSchema, Output, streamText, tool } from "ai";
import { citiesQuestion, city, leave, picture, question, weatherQuestion } from "./common.mjs";

export function aiSdk(url, embedder) {
  const provider = createOpenAICompatible({ name: "orchard", baseURL: `${url}v1`, includeUsage: true, supportsStructuredOutputs: true });
  const model = provider("starter");
  const weather = (execute) => ({
    get_weather: tool({ description: "Gets the weather of a city.", inputSchema: jsonSchema(city), execute }),
  });
  const settings = { model, temperature: 0, maxRetries: 0 };
  return {
    async chat() {
      const { text, finishReason, usage } = await generateText({ ...settings, prompt: question });
      assert.match(text, /Paris/);
      assert.equal(finishReason, "stop");
      assert.ok(usage.inputTokens > 0 && usage.outputTokens > 0);
    },
    async stream() {
      const result = streamText({ ...settings, prompt: question });
      let text = "";
      for await (const part of result.textStream) {
        text += part;
      }
      assert.match(text, /Paris/);
      assert.ok((await result.usage).outputTokens > 0);
    },
    async tools() {
      for (const toolChoice of ["auto", "required", { type: "tool", toolName: "get_weather" }]) {
        const { toolCalls } = await generateText({ ...settings, prompt: weatherQuestion, tools: weather(undefined), toolChoice });
        assert.ok(toolChoice === "auto" || toolCalls[0].toolName === "get_weather");
      }
    },
    async parallelTools() {
      const { toolCalls } = await generateText({
        ...settings, prompt: citiesQuestion, tools: weather(undefined), toolChoice: "required",
        providerOptions: { orchard: { min_tool_calls: 2, max_tool_calls: 2 } },
      });
      assert.equal(toolCalls.length, 2);
      assert.notEqual(toolCalls[0].toolCallId, toolCalls[1].toolCallId);
    },
    async toolStream() {
      const result = streamText({ ...settings, prompt: weatherQuestion, tools: weather(undefined), toolChoice: "required" });
      const calls = await result.toolCalls;
      assert.equal(typeof calls[0].input.city, "string");
    },
    async structuredOutput() {
      const { output } = await generateText({ ...settings, prompt: question, output: Output.object({ schema: jsonSchema(city) }) });
      assert.equal(typeof output.city, "string");
    },
    async embeddings() {
      const { embeddings } = await embedMany({ model: provider.embeddingModel(embedder), values: ["hello", "world"] });
      assert.equal(embeddings.length, 2);
    },
    async errors() {
      await assert.rejects(generateText({ ...settings, model: provider("none"), prompt: question }), (error) => error.statusCode === 404);
    },
    async images() {
      const content = [{ type: "text", text: question }, { type: "file", mediaType: "image/png", data: picture }];
      await assert.rejects(
        generateText({ ...settings, messages: [{ role: "user", content }] }),
        (error) => error.statusCode === 400 && /is an image/.test(error.message),
      );
    },
    async cancel() {
      const stop = new AbortController();
      await leave(streamText({ ...settings, prompt: question, abortSignal: stop.signal }).textStream, 2);
      stop.abort();
    },
  };
}
