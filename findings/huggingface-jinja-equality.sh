#!/usr/bin/env bash
# @huggingface/jinja 0.5.11 compares with JavaScript's loose equality: a number equals its decimal text, and a variable that is not defined
# equals none. In jinja2 both are false. A template with `{% if tools == none %}` or `{% if message.content == none %}` takes the other
# branch for a missing key. Guess before the run: undefined == none could be true, '1' == 1 is false.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund @huggingface/jinja@0.5.11 >/dev/null
cat > run.mjs <<'JS'
import { Template } from '@huggingface/jinja';
const cases = [
  ["{{ 'equal' if '1' == 1 else 'different' }}", 'equal', 'different'],
  ["{{ 'equal' if message.content == none else 'different' }}", 'equal', 'different'],
  ["{{ 'none' if message.content is none else 'not none' }}", 'not none', 'not none'],
];
let changed = false;
for (const [template, seen, jinja2] of cases) {
  const actual = new Template(template).render({ message: { role: 'assistant' } });
  console.log(`${template}: ${actual} (jinja2 3.1.6: ${jinja2})`);
  changed ||= actual !== seen;
}
process.exit(changed ? 1 : 0);
JS
node run.mjs
