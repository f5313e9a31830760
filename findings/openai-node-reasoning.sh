#!/usr/bin/env bash
# openai 7.55.0 (npm): the stream helper collects the text and the calls of an answer, but of other string members of a delta, such as the
# `reasoning_content` of most local servers, it keeps the last part only. The final message looks complete and has the end of the reasoning
# for all of it. Applications join the parts from the chunk events. Guess before the run: the parts are joined, or the member is left out.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init --yes > init.log; npm install --silent --no-audit --no-fund openai@7.55.0
cat > finding.mjs <<'JS'
import http from 'node:http';
import OpenAI from 'openai';

const deltas = [{ role: 'assistant', reasoning_content: 'Seven is prime, ' }, { reasoning_content: 'since nothing divides it.' }, { content: 'It is ' }, { content: 'prime.' }];
const server = http.createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const delta of [...deltas, null]) {
    const choice = { index: 0, delta: delta ?? {}, finish_reason: delta ? null : 'stop' };
    response.write(`data: ${JSON.stringify({ id: '1', object: 'chat.completion.chunk', created: 1, model: 'model', choices: [choice] })}\n\n`);
  }
  response.end('data: [DONE]\n\n');
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const client = new OpenAI({ apiKey: 'none', baseURL: `http://127.0.0.1:${server.address().port}/v1` });
const { message } = (await client.chat.completions.stream({ model: 'model', messages: [{ role: 'user', content: 'Is 7 prime?' }] }).finalChatCompletion()).choices[0];
console.log(`content: ${message.content}\nreasoning_content: ${message.reasoning_content}`);
server.close();
server.closeAllConnections();
process.exitCode = message.content === 'It is prime.' && message.reasoning_content === 'since nothing divides it.' ? 0 : 1;
JS
node finding.mjs
