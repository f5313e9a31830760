#!/usr/bin/env bash
# openai 7.55.0 (npm): the stream helper raises `tool_calls.function.arguments.done` whenever the next part belongs to another call. Where a
# server writes two calls at once, the event comes several times for each call, first with arguments that are not JSON yet. The final
# message is right. Guess before the run: one event for each call, when the answer is complete.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init --yes > init.log; npm install --silent --no-audit --no-fund openai@7.55.0
cat > finding.mjs <<'JS'
import http from 'node:http';
import OpenAI from 'openai';

const part = (index, text, name) => ({ tool_calls: [{ index, ...(name && { id: `call_${index}`, type: 'function' }), function: { ...(name && { name }), arguments: text } }] });
const deltas = [{ role: 'assistant', ...part(0, '{"city":', 'weather') }, part(1, '{"zone":', 'clock'), part(0, '"Oslo"}'), part(1, '"CET"}')];
const server = http.createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const delta of [...deltas, null]) {
    const choice = { index: 0, delta: delta ?? {}, finish_reason: delta ? null : 'tool_calls' };
    response.write(`data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'model', choices: [choice] })}\n\n`);
  }
  response.end('data: [DONE]\n\n');
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const client = new OpenAI({ apiKey: 'none', baseURL: `http://127.0.0.1:${server.address().port}/v1` });
const tools = ['weather', 'clock'].map(name => ({ type: 'function', function: { name, parameters: { type: 'object' } } }));
const stream = client.chat.completions.stream({ model: 'model', messages: [{ role: 'user', content: 'Weather and time?' }], tools });
const done = [];
stream.on('tool_calls.function.arguments.done', event => done.push(`${event.name} ${event.arguments}`));
const calls = (await stream.finalChatCompletion()).choices[0].message.tool_calls.map(call => `${call.function.name} ${call.function.arguments}`);
console.log(`events: ${done.join(' | ')}\nmessage: ${calls.join(' | ')}`);
server.close();
server.closeAllConnections();
const expected = ['weather {"city":', 'clock {"zone":', 'weather {"city":"Oslo"}', 'clock {"zone":"CET"}'];
process.exitCode = done.join() === expected.join() && calls.join() === expected.slice(2).join() ? 0 : 1;
JS
node finding.mjs
