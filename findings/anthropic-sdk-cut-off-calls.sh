#!/usr/bin/env bash
# @anthropic-ai/sdk 1.10.0 (npm): when the token limit ends an answer within the arguments of a call, the stream helper repairs them: the
# value that was being written is dropped, and the input of the final message is an object that looks complete. Only the stop reason tells.
# Guess before the run: an exception, or the text as it came.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init --yes > init.log; npm install --silent --no-audit --no-fund @anthropic-ai/sdk@1.10.0
cat > finding.mjs <<'JS'
import http from 'node:http';
import Anthropic from '@anthropic-ai/sdk';

const events = [
  { type: 'message_start', message: { id: '1', type: 'message', role: 'assistant', model: 'model', content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 9, output_tokens: 0 } } },
  { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'call_1', name: 'remove', input: {} } },
  { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"folder": "logs", "older_than_days": 36' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'max_tokens', stop_sequence: null }, usage: { output_tokens: 12 } },
  { type: 'message_stop' },
];
const server = http.createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(events.map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const client = new Anthropic({ apiKey: 'none', baseURL: `http://127.0.0.1:${server.address().port}` });
const message = await client.messages.stream({ model: 'model', max_tokens: 12, messages: [{ role: 'user', content: 'Remove the logs of last year.' }] }).finalMessage();
const input = JSON.stringify(message.content[0].input);
console.log(`stop reason: ${message.stop_reason}, input: ${input}`);
server.close();
server.closeAllConnections();
process.exitCode = message.stop_reason === 'max_tokens' && input === '{"folder":"logs"}' ? 0 : 1;
JS
node finding.mjs
