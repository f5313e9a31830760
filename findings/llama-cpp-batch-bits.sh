#!/usr/bin/env bash
# llama.cpp 0.5.0 (npm @node-llama-cpp/linux-x64 3.22.1, its library for AVX2), Q8_0 weights: logits of a token that is decoded alone and in a
# batch of several are the same bits with a KV cache of 32-bit floats, and only some of them differ with one of 16 bits, without flash attention.
# So it is attention, not the weights, that lets an answer depend on what is decoded beside it. Guess before the run: all differ, with both.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
tar xzf "$(npm pack --silent @node-llama-cpp/linux-x64@3.22.1)"
cat > finding.py <<'PY'
import ctypes as c
import random
import struct
import sys

bins = 'package/bins/linux-x64/'
base, ggml, llama = (c.CDLL(bins + name, mode=c.RTLD_GLOBAL) for name in ('libggml-base.so', 'libggml.v0.5.0.so', 'libllama.v0.5.0.so'))
quiet = c.CFUNCTYPE(None, c.c_int, c.c_char_p, c.c_void_p)(lambda *_: None)
llama.llama_log_set(quiet, None)
ggml.ggml_backend_load.argtypes = [c.c_char_p]
ggml.ggml_backend_load((bins + 'libggml-cpu-haswell.so').encode())


class Model(c.Structure):
    _fields_ = [('bytes', c.c_byte * 80)]


class Context(c.Structure):
    _fields_ = [('cells', c.c_uint), ('batch', c.c_uint), ('micro_batch', c.c_uint), ('more', c.c_uint * 23), ('key', c.c_int), ('value', c.c_int),
                ('rest', c.c_uint64 * 6)]


class Batch(c.Structure):
    _fields_ = [('count', c.c_int), ('tokens', c.POINTER(c.c_int)), ('embeddings', c.c_void_p), ('positions', c.POINTER(c.c_int)),
                ('sequence_counts', c.POINTER(c.c_int)), ('sequences', c.POINTER(c.POINTER(c.c_int))), ('outputs', c.POINTER(c.c_byte))]


llama.llama_model_default_params.restype = Model
llama.llama_context_default_params.restype = Context
llama.llama_model_load_from_file.argtypes, llama.llama_model_load_from_file.restype = [c.c_char_p, Model], c.c_void_p
llama.llama_init_from_model.argtypes, llama.llama_init_from_model.restype = [c.c_void_p, Context], c.c_void_p
llama.llama_batch_init.restype = Batch
llama.llama_decode.argtypes = [c.c_void_p, Batch]
llama.llama_get_logits_ith.argtypes, llama.llama_get_logits_ith.restype = [c.c_void_p, c.c_int], c.POINTER(c.c_float)
llama.llama_free.argtypes = [c.c_void_p]

WIDTH, VOCABULARY, LAYERS, F32, F16, Q8_0 = 128, 96, 4, 0, 1, 8


def text(value):
    return struct.pack('<Q', len(value)) + value.encode()


def write_model(path):
    """A llama with random weights in Q8_0: blocks of a 16-bit scale and 32 bytes."""
    rng = random.Random(7)
    numbers = {'context_length': 512, 'embedding_length': WIDTH, 'block_count': LAYERS, 'feed_forward_length': 2 * WIDTH, 'attention.head_count': 4}
    entries = [text('general.architecture') + struct.pack('<I', 8) + text('llama')]
    entries += [text('llama.' + key) + struct.pack('<II', 4, value) for key, value in numbers.items()]
    entries += [text('llama.attention.layer_norm_rms_epsilon') + struct.pack('<If', 6, 1e-5)]
    entries += [text('tokenizer.ggml.' + key) + struct.pack('<I', 8) + text(value) for key, value in (('model', 'gpt2'), ('pre', 'gpt-2'))]
    for key, kind, items in (('tokens', 8, [text(f'w{i}') for i in range(VOCABULARY)]), ('merges', 8, [text('w 1')]),
                             ('token_type', 5, [struct.pack('<i', 1)] * VOCABULARY)):
        entries.append(text('tokenizer.ggml.' + key) + struct.pack('<IIQ', 9, kind, len(items)) + b''.join(items))
    shapes = {'token_embd': (WIDTH, VOCABULARY), 'output_norm': (WIDTH,)}
    for layer in range(LAYERS):
        shapes |= {f'blk.{layer}.{name}': (WIDTH,) for name in ('attn_norm', 'ffn_norm')}
        shapes |= {f'blk.{layer}.attn_{name}': (WIDTH, WIDTH) for name in ('q', 'k', 'v', 'output')}
        shapes |= {f'blk.{layer}.ffn_{name}': (WIDTH, 2 * WIDTH) for name in ('gate', 'up')} | {f'blk.{layer}.ffn_down': (2 * WIDTH, WIDTH)}
    table, data = b'', b''
    for name, shape in shapes.items():
        is_matrix = len(shape) == 2
        table += text(name + '.weight') + struct.pack(f'<I{len(shape)}QIQ', len(shape), *shape, Q8_0 if is_matrix else F32, len(data))
        if is_matrix:
            blocks = shape[0] * shape[1] // 32
            data += b''.join(struct.pack('<e32b', 0.005, *(rng.randint(-127, 127) for _ in range(32))) for _ in range(blocks))
        else:
            data += struct.pack(f'<{shape[0]}f', *[1.0] * shape[0])
        data += bytes(-len(data) % 32)
    head = b'GGUF' + struct.pack('<IQQ', 3, len(shapes), len(entries)) + b''.join(entries) + table
    with open(path, 'wb') as file:
        file.write(head + bytes(-len(head) % 32) + data)


def logits(model, cache, together):
    """Logits of 60 tokens, of which so many are decoded at a time."""
    parameters = llama.llama_context_default_params()
    parameters.cells, parameters.batch, parameters.micro_batch, parameters.key, parameters.value = 256, 64, 64, cache, cache
    parameters.more[4] = parameters.more[5] = 1  # threads
    parameters.more[10] = 0  # flash attention
    context = llama.llama_init_from_model(model, parameters)
    rows = []
    for first in range(0, 60, together):
        batch = llama.llama_batch_init(together, 0, 1)
        batch.count = together
        for i in range(together):
            batch.tokens[i], batch.positions[i], batch.sequence_counts[i], batch.outputs[i] = (first + i) * 37 % VOCABULARY, first + i, 1, 1
            batch.sequences[i][0] = 0
        assert llama.llama_decode(context, batch) == 0
        rows += [llama.llama_get_logits_ith(context, i)[:VOCABULARY] for i in range(together)]
    llama.llama_free(context)
    return rows


write_model('model.gguf')
model = llama.llama_model_load_from_file(b'model.gguf', llama.llama_model_default_params())
seen = {}
for cache, name in ((F16, '16-bit'), (F32, '32-bit')):
    alone = logits(model, cache, 1)
    for together in (2, 5, 20):
        rows = logits(model, cache, together)
        seen[cache, together] = sum(one != other for one, other in zip(alone, rows))
        most = max(abs(x - y) for one, other in zip(alone, rows) for x, y in zip(one, other))
        print(f'{name} KV cache, {together} tokens at a time: {seen[cache, together]} of 60 tokens have other logits than alone, by up to {most:.6f}')
as_found = all((differing > 0) == (cache == F16) for (cache, _), differing in seen.items())
sys.exit(0 if as_found else 1)
PY
python3 finding.py
