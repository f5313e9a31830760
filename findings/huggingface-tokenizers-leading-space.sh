#!/usr/bin/env bash
# @huggingface/tokenizers 0.2.0: decoding loses the first space of a text with a Metaspace decoder that never adds one
# (`"prepend_scheme": "never"`). The original (here through @anush008/tokenizers 0.6.0) removes a space only where it was added. Who decodes
# a stream piece by piece loses the spaces between words.
# Guess before the run: decode(encode(text)) is the text.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y >/dev/null && npm install --silent --no-audit --no-fund @huggingface/tokenizers@0.2.0 @anush008/tokenizers@0.6.0 >/dev/null
cat > run.mjs <<'JS'
import { Tokenizer } from '@huggingface/tokenizers';
import original from '@anush008/tokenizers';
const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'never', split: false };
const file = {
  version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: metaspace, post_processor: null, decoder: metaspace,
  model: { type: 'BPE', unk_token: null, vocab: { '▁': 0, a: 1, b: 2 }, merges: [] },
};
const seen = { 'a b': 'a b', ' a b': 'a b', ' b': 'b' };
let changed = false;
for (const text of Object.keys(seen)) {
  const tokenizer = new Tokenizer(file, {});
  const decoded = tokenizer.decode(tokenizer.encode(text, { add_special_tokens: false }).ids, { clean_up_tokenization_spaces: false });
  const rust = original.Tokenizer.fromString(JSON.stringify(file));
  // Its decoder puts a space between the tokens of BPE models, so only the beginning is comparable.
  const first = (await rust.decode([...(await rust.encode(text, null, { addSpecialTokens: false })).getIds()], false))[0];
  console.log(`'${text}': '${decoded}' (original begins with '${first}')`);
  changed ||= decoded !== seen[text];
}
process.exit(changed ? 1 : 0);
JS
node run.mjs
