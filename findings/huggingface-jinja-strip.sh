#!/usr/bin/env bash
# @huggingface/jinja 0.5.11 renders chat templates in JavaScript applications. Its string methods strip, lstrip and rstrip ignore their
# argument: they always strip white space, and nothing else. In jinja2 (Python's str methods) the argument is the set of characters to
# strip. Chat templates write `content.lstrip('\n')` after a reasoning section; the first line of an answer loses its indentation there.
# Guess before the run: the argument is honoured, as that of split is.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund @huggingface/jinja@0.5.11 >/dev/null
cat > run.mjs <<'JS'
import { Template } from '@huggingface/jinja';
const text = '\n\n    indented';
const cases = [
  ["{{ text.lstrip('\\n') }}", 'indented', '    indented'],
  ["{{ 'xxax'.strip('x') }}", 'xxax', 'a'],
  ["{{ 'a..'.rstrip('.') }}", 'a..', 'a'],
];
let changed = false;
for (const [template, seen, jinja2] of cases) {
  const actual = new Template(template).render({ text });
  console.log(`${template}: ${JSON.stringify(actual)} (jinja2 3.1.6: ${JSON.stringify(jinja2)})`);
  changed ||= actual !== seen;
}
process.exit(changed ? 1 : 0);
JS
node run.mjs
