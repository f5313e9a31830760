#!/usr/bin/env bash
# @huggingface/jinja 0.5.11: `capitalize` leaves the letters after the first as they are, where jinja2 makes them small, and `title` begins
# a word after an apostrophe. Templates that print the names of roles or headings with them make other text. Guess before the run: as
# jinja2.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init --yes > init.log; npm install --silent --no-audit --no-fund @huggingface/jinja@0.5.11
cat > finding.mjs <<'JS'
import { Template } from '@huggingface/jinja';

const cases = [
  ["{{ 'ASSISTANT' | capitalize }}", 'ASSISTANT', 'Assistant'],
  ["{{ 'toolResult' | capitalize }}", 'ToolResult', 'Toolresult'],
  ["{{ \"today's date\" | title }}", "Today'S Date", "Today's Date"],
];
let changed = false;
for (const [template, seen, jinja2] of cases) {
  const actual = new Template(template).render({});
  console.log(`${template}: "${actual}" (jinja2: ${jinja2})`);
  changed ||= actual !== seen;
}
process.exitCode = changed ? 1 : 0;
JS
node finding.mjs
