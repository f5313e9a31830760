#!/usr/bin/env bash
# @huggingface/jinja 0.5.11 computes with JavaScript's numbers where templates expect Python's: -7 % 3 has the sign of the dividend although
# -7 // 2 is floored, integers above 2^53 are rounded, and tojson writes a float without a fraction without ".0". Tool schemas and arguments
# with such numbers differ from the prompts that the model was trained on. Guess before the run: the remainder differs and so does the floor division; 2.0 is printed as 2 everywhere.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund @huggingface/jinja@0.5.11 >/dev/null
cat > run.mjs <<'JS'
import { Template } from '@huggingface/jinja';
const cases = [
  ['{{ -7 % 3 }} {{ -7 // 2 }}', '-1 -4', '2 -4'],
  ['{{ 9007199254740993 }}', '9007199254740992', '9007199254740993'],
  ['{{ 2.0 }}', '2.0', '2.0'],
  ["{{ {'minimum': 2.0}|tojson }}", '{"minimum": 2}', '{"minimum": 2.0}'],
];
let changed = false;
for (const [template, seen, jinja2] of cases) {
  const actual = new Template(template).render({});
  console.log(`${template}: ${actual} (jinja2 3.1.6: ${jinja2})`);
  changed ||= actual !== seen;
}
process.exit(changed ? 1 : 0);
JS
node run.mjs
