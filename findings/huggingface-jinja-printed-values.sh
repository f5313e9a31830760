#!/usr/bin/env bash
# @huggingface/jinja 0.5.11 prints values in the notation of JSON, and none as nothing; jinja2 prints them in Python's notation. Templates
# that print a list of allowed values, a mapping of parameters or a flag of a tool make other prompts than the ones the model was trained
# on, without an error. Guess before the run: as jinja2, since templates are written for it.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init --yes > init.log; npm install --silent --no-audit --no-fund @huggingface/jinja@0.5.11
cat > finding.mjs <<'JS'
import { Template } from '@huggingface/jinja';

const cases = [
  ["{{ tool.enum }}", '["day", "hour"]', "['day', 'hour']"],
  ["{{ tool.properties }}", '{"city": {"type": "string", "nullable": false}}', "{'city': {'type': 'string', 'nullable': False}}"],
  ["{{ tool.required }}", 'true', 'True'],
  ["{{ tool.default }}", '', 'None'],
  ["{{ tool.enum | first }}", 'day', 'day'],
];
let changed = false;
for (const [template, seen, jinja2] of cases) {
  const actual = new Template(template).render({
    tool: { enum: ['day', 'hour'], properties: { city: { type: 'string', nullable: false } }, required: true, default: null },
  });
  console.log(`${template}: "${actual}" (jinja2: ${jinja2})`);
  changed ||= actual !== seen;
}
process.exitCode = changed ? 1 : 0;
JS
node finding.mjs
