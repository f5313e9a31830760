#!/usr/bin/env bash
# llama.cpp 0.5.0 (npm @node-llama-cpp/linux-x64 3.22.1): the state of a sequence that was copied with llama_memory_seq_cp is saved with the
# old content of its cells until the next llama_decode: the buffers are copied then, and llama_state_seq_get_data does not wait for it.
# Whoever saves a copy at once keeps another conversation under its name. Guess before the run: the state after the copy is the source's.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
tar xzf "$(npm pack --silent @node-llama-cpp/linux-x64@3.22.1)"
cat > finding.py <<'PY'
import array
import ctypes
import random
import struct
import sys

folder = 'package/bins/linux-x64/'
ctypes.CDLL(folder + 'libggml-base.so', mode=ctypes.RTLD_GLOBAL)
ggml = ctypes.CDLL(folder + 'libggml.v0.5.0.so', mode=ctypes.RTLD_GLOBAL)
llama = ctypes.CDLL(folder + 'libllama.v0.5.0.so')


class ModelParams(ctypes.Structure):
    _fields_ = [('_pointers', ctypes.c_void_p * 9), ('_flags', ctypes.c_bool * 8)]


class ContextParams(ctypes.Structure):
    _fields_ = [('context', ctypes.c_uint), ('batch', ctypes.c_uint), ('micro_batch', ctypes.c_uint), ('sequences', ctypes.c_uint),
                ('_rest', ctypes.c_byte * 144)]


class Batch(ctypes.Structure):
    _fields_ = [('count', ctypes.c_int), ('tokens', ctypes.POINTER(ctypes.c_int)), ('embeddings', ctypes.c_void_p),
                ('positions', ctypes.POINTER(ctypes.c_int)), ('sequence_counts', ctypes.POINTER(ctypes.c_int)),
                ('sequences', ctypes.POINTER(ctypes.POINTER(ctypes.c_int))), ('logits', ctypes.POINTER(ctypes.c_byte))]


LogCallback = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
callback = LogCallback(lambda level, text, data: None)
llama.llama_log_set(callback, None)
ggml.ggml_backend_load.argtypes = [ctypes.c_char_p]
ggml.ggml_backend_load((folder + 'libggml-cpu-x64.so').encode())
llama.llama_model_default_params.restype = ModelParams
llama.llama_context_default_params.restype = ContextParams
for name in ('llama_model_load_from_file', 'llama_init_from_model', 'llama_get_memory'):
    getattr(llama, name).restype = ctypes.c_void_p
llama.llama_model_load_from_file.argtypes = [ctypes.c_char_p, ModelParams]
llama.llama_init_from_model.argtypes = [ctypes.c_void_p, ContextParams]
llama.llama_get_memory.argtypes = [ctypes.c_void_p]
llama.llama_batch_init.restype = Batch
llama.llama_decode.argtypes = [ctypes.c_void_p, Batch]
llama.llama_memory_seq_cp.argtypes = [ctypes.c_void_p] + [ctypes.c_int] * 4
llama.llama_memory_seq_rm.argtypes = [ctypes.c_void_p] + [ctypes.c_int] * 3
llama.llama_state_seq_get_size.argtypes = [ctypes.c_void_p, ctypes.c_int]
llama.llama_state_seq_get_size.restype = llama.llama_state_seq_get_data.restype = ctypes.c_size_t
llama.llama_state_seq_get_data.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]

# A model of one layer with random weights.
CODES = {'u32': (4, '<I'), 'i32': (5, '<i'), 'f32': (6, '<f'), 'string': (8, '')}
WIDTH, TOKENS = 32, 64


def packed(kind, value):
    return struct.pack('<Q', len(value)) + value.encode() if kind == 'string' else struct.pack(CODES[kind][1], value)


metadata = [
    ('general.architecture', 'string', 'llama'), ('llama.context_length', 'u32', 256), ('llama.embedding_length', 'u32', WIDTH),
    ('llama.block_count', 'u32', 1), ('llama.feed_forward_length', 'u32', WIDTH), ('llama.attention.head_count', 'u32', 1),
    ('llama.attention.layer_norm_rms_epsilon', 'f32', 1e-5), ('tokenizer.ggml.model', 'string', 'gpt2'),
    ('tokenizer.ggml.pre', 'string', 'gpt-2'), ('tokenizer.ggml.tokens', 'string', [f't{i}' for i in range(TOKENS)]),
    ('tokenizer.ggml.token_type', 'i32', [1] * TOKENS), ('tokenizer.ggml.merges', 'string', ['t 1']),
]
square = [f'blk.0.{name}.weight' for name in ('attn_q', 'attn_k', 'attn_v', 'attn_output', 'ffn_gate', 'ffn_up', 'ffn_down')]
tensors = [('token_embd.weight', (WIDTH, TOKENS)), ('output_norm.weight', (WIDTH,)), ('blk.0.attn_norm.weight', (WIDTH,)),
           ('blk.0.ffn_norm.weight', (WIDTH,))] + [(name, (WIDTH, WIDTH)) for name in square]
header, weights = b'GGUF' + struct.pack('<IQQ', 3, len(tensors), len(metadata)), b''
for key, kind, value in metadata:
    header += packed('string', key)
    if isinstance(value, list):
        header += struct.pack('<IIQ', 9, CODES[kind][0], len(value)) + b''.join(packed(kind, one) for one in value)
    else:
        header += struct.pack('<I', CODES[kind][0]) + packed(kind, value)
random.seed(1)
for name, shape in tensors:
    header += packed('string', name) + struct.pack(f'<I{len(shape)}QIQ', len(shape), *shape, 0, len(weights))
    weights += array.array('f', [random.uniform(-1, 1) for _ in range(WIDTH * (shape[1] if len(shape) > 1 else 1))]).tobytes()
with open('model.gguf', 'wb') as file:
    file.write(header + bytes(-len(header) % 32) + weights)

parameters = llama.llama_context_default_params()
parameters.context, parameters.batch, parameters.micro_batch, parameters.sequences = 1024, 64, 64, 4
context = llama.llama_init_from_model(llama.llama_model_load_from_file(b'model.gguf', llama.llama_model_default_params()), parameters)
memory = llama.llama_get_memory(context)


def decode(sequence, tokens):
    batch = llama.llama_batch_init(len(tokens), 0, 1)
    batch.count = len(tokens)
    for i, token in enumerate(tokens):
        batch.tokens[i], batch.positions[i], batch.sequence_counts[i], batch.logits[i] = token, i, 1, i == len(tokens) - 1
        batch.sequences[i][0] = sequence
    assert llama.llama_decode(context, batch) == 0


def state(sequence):
    size = llama.llama_state_seq_get_size(context, sequence)
    content = ctypes.create_string_buffer(size)
    assert llama.llama_state_seq_get_data(context, content, size, sequence) == size
    end = size - 4 * (3 - sequence)  # the other sequences have no tokens in it
    return content.raw[end - 20 * WIDTH * 2:end]  # the values of all tokens, in 16 bits


decode(0, list(range(1, 21)))
decode(1, list(range(40, 60)))
source, other = state(0), state(1)
llama.llama_memory_seq_rm(memory, 1, -1, -1)
llama.llama_memory_seq_cp(memory, 0, 1, -1, -1)
at_once = state(1)
decode(2, [5])
later = state(1)
print(f'saved at once: {"the source" if at_once == source else "the content before the copy" if at_once == other else "something else"}')
print(f'saved after another sequence was decoded: {"the source" if later == source else "something else"}')
sys.exit(0 if at_once == other and later == source else 1)
PY
python3 finding.py
