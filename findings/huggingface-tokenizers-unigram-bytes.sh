#!/usr/bin/env bash
# @huggingface/tokenizers 0.2.0 counts and makes tokens in JavaScript applications. For Unigram models it ignores `byte_fallback`: a
# character outside the vocabulary becomes the unknown token, and decodes to something else, while the original (here through
# @anush008/tokenizers 0.6.0) makes one token of each of its bytes. For BPE models both make bytes.
# Guess before the run: bytes for both.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund @huggingface/tokenizers@0.2.0 @anush008/tokenizers@0.6.0 >/dev/null
cat > run.mjs <<'JS'
import { Tokenizer } from '@huggingface/tokenizers';
import original from '@anush008/tokenizers';
const bytes = Array.from({ length: 256 }, (_, b) => `<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`);
const pieces = ['<unk>', ...bytes, 'a', 'b'];
const vocab = Object.fromEntries(pieces.map((piece, id) => [piece, id]));
const file = (model) => ({
  version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, model,
});
const models = {
  Unigram: { type: 'Unigram', unk_id: 0, byte_fallback: true, vocab: pieces.map((piece) => [piece, -1]) },
  BPE: { type: 'BPE', unk_token: '<unk>', byte_fallback: true, vocab, merges: [] },
};
const seen = { Unigram: '257 0 258', BPE: '257 196 160 258' };
let changed = false;
for (const [name, model] of Object.entries(models)) {
  const json = file(model);
  const ids = new Tokenizer(json, {}).encode('aßb', { add_special_tokens: false }).ids.map(Number).join(' ');
  const expected = [...(await original.Tokenizer.fromString(JSON.stringify(json)).encode('aßb', null, { addSpecialTokens: false })).getIds()].join(' ');
  console.log(`${name} 'aßb': ${ids} (original: ${expected})`);
  changed ||= ids !== seen[name];
}
process.exit(changed ? 1 : 0);
JS
node run.mjs
