#!/usr/bin/env bash
# @huggingface/tokenizers 0.2.0 ignores `single_word` of added tokens: it finds them inside of longer words, too. The original (here through
# @anush008/tokenizers 0.6.0) takes them only where a whole word stands. GGUF files have no such flag: llama.cpp finds them everywhere.
# Guess before the run: honoured, as `lstrip` and `rstrip` are.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund @huggingface/tokenizers@0.2.0 @anush008/tokenizers@0.6.0 >/dev/null
cat > run.mjs <<'JS'
import { Tokenizer } from '@huggingface/tokenizers';
import original from '@anush008/tokenizers';
const letters = [...'unitsa '];
const added = { id: letters.length, content: 'unit', special: false, single_word: true, lstrip: false, rstrip: false, normalized: true };
const file = {
  version: '1.0', truncation: null, padding: null, added_tokens: [added], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null,
  model: { type: 'BPE', unk_token: null, vocab: Object.fromEntries(letters.map((letter, id) => [letter, id])), merges: [] },
};
const seen = { unit: '7', 'a unit': '5 6 7', units: '7 4' };
let changed = false;
for (const text of Object.keys(seen)) {
  const ids = new Tokenizer(file, {}).encode(text, { add_special_tokens: false }).ids.map(Number).join(' ');
  const expected = [...(await original.Tokenizer.fromString(JSON.stringify(file)).encode(text, null, { addSpecialTokens: false })).getIds()].join(' ');
  console.log(`'${text}': ${ids} (original: ${expected})`);
  changed ||= ids !== seen[text];
}
process.exit(changed ? 1 : 0);
JS
node run.mjs
