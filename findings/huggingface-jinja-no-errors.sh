#!/usr/bin/env bash
# @huggingface/jinja 0.5.11: expressions that end the rendering with an error in jinja2 give text here: a member of a member that is not
# there is empty, and a number is appended to a text. A message that lacks what the template needs yields a prompt with a hole instead of an
# error. Guess before the run: an error for each.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init --yes > init.log; npm install --silent --no-audit --no-fund @huggingface/jinja@0.5.11
cat > finding.mjs <<'JS'
import { Template } from '@huggingface/jinja';

const cases = [
  ["{{ message.tool_call.function.name }}", '', "UndefinedError: 'dict object' has no attribute 'tool_call'"],
  ["{{ 'Step ' + 1 }}", 'Step 1', 'TypeError: can only concatenate str (not "int") to str'],
  ["{{ message.content + 2 }}", 'hi2', 'TypeError: can only concatenate str (not "int") to str'],
];
let changed = false;
for (const [template, seen, jinja2] of cases) {
  const actual = new Template(template).render({ message: { role: 'user', content: 'hi' } });
  console.log(`${template}: "${actual}" (jinja2: ${jinja2})`);
  changed ||= actual !== seen;
}
process.exitCode = changed ? 1 : 0;
JS
node finding.mjs
