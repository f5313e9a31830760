#!/usr/bin/env bash
# llama.cpp 0.5.0 (npm @node-llama-cpp/linux-x64 3.22.1): the description of GGUF recommends 64 bits for counts and lengths, and readers
# that accept 64 and 32. llama.cpp loads u32 only: a model whose counts are u64, i32 or u16 has "wrong type". Lists with a value for each
# layer may be u32 or i32; the error for others names uint64 as allowed, and refuses it too. Guess before the run: all unsigned types are
# accepted.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
tar xzf "$(npm pack --silent @node-llama-cpp/linux-x64@3.22.1)"
cat > finding.py <<'PY'
import ctypes
import struct
import sys

folder = 'package/bins/linux-x64/'
ctypes.CDLL(folder + 'libggml-base.so', mode=ctypes.RTLD_GLOBAL)
ggml = ctypes.CDLL(folder + 'libggml.v0.5.0.so', mode=ctypes.RTLD_GLOBAL)
llama = ctypes.CDLL(folder + 'libllama.v0.5.0.so')


class ModelParams(ctypes.Structure):
    _fields_ = [('_pointers', ctypes.c_void_p * 9), ('vocab_only', ctypes.c_bool), ('_rest', ctypes.c_bool * 7)]


LogCallback = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
log = []
callback = LogCallback(lambda level, text, data: log.append(text.decode()))
llama.llama_log_set(callback, None)
ggml.ggml_backend_load.argtypes = [ctypes.c_char_p]
ggml.ggml_backend_load((folder + 'libggml-cpu-x64.so').encode())
llama.llama_model_default_params.restype = ModelParams
llama.llama_model_load_from_file.restype = ctypes.c_void_p
llama.llama_model_load_from_file.argtypes = [ctypes.c_char_p, ModelParams]

CODES = {'u16': (2, '<H'), 'i16': (3, '<h'), 'u32': (4, '<I'), 'i32': (5, '<i'), 'f32': (6, '<f'), 'string': (8, ''), 'u64': (10, '<Q')}


def packed(kind, value):
    if kind == 'string':
        return struct.pack('<Q', len(value.encode())) + value.encode()
    return struct.pack(CODES[kind][1], value)


def gguf(metadata, tensors=()):
    data = b'GGUF' + struct.pack('<IQQ', 3, len(tensors), len(metadata))
    for key, kind, value in metadata:
        data += packed('string', key)
        if isinstance(value, list):
            data += struct.pack('<IIQ', 9, CODES[kind][0], len(value)) + b''.join(packed(kind, one) for one in value)
        else:
            data += struct.pack('<I', CODES[kind][0]) + packed(kind, value)
    offset = 0
    for name, shape in tensors:
        data += packed('string', name) + struct.pack(f'<I{len(shape)}QIQ', len(shape), *shape, 0, offset)
        size = 4
        for dimension in shape:
            size *= dimension
        offset += size
    return data + bytes(-len(data) % 32 + offset)


def load(content, vocab_only):
    with open('model.gguf', 'wb') as file:
        file.write(content)
    log.clear()
    parameters = llama.llama_model_default_params()
    parameters.vocab_only = vocab_only
    return llama.llama_model_load_from_file(b'model.gguf', parameters)


TENSORS = [('token_embd.weight', (32, 16)), ('output_norm.weight', (32,)), ('blk.0.attn_norm.weight', (32,)), ('blk.0.ffn_norm.weight', (32,))]
TENSORS += [(f'blk.0.{name}.weight', (32, 32)) for name in ('attn_q', 'attn_k', 'attn_v', 'attn_output', 'ffn_gate', 'ffn_up', 'ffn_down')]


def model(count, feed_forward):
    return gguf([
        ('general.architecture', 'string', 'llama'),
        ('llama.context_length', count, 64),
        ('llama.embedding_length', count, 32),
        ('llama.block_count', count, 1),
        ('llama.feed_forward_length', *feed_forward),
        ('llama.attention.head_count', count, 2),
        ('llama.attention.layer_norm_rms_epsilon', 'f32', 1e-5),
        ('tokenizer.ggml.model', 'string', 'gpt2'),
        ('tokenizer.ggml.pre', 'string', 'gpt-2'),
        ('tokenizer.ggml.tokens', 'string', [chr(code) for code in range(33, 49)]),
        ('tokenizer.ggml.token_type', 'i32', [1] * 16),
        ('tokenizer.ggml.merges', 'string', ['! !']),
    ], TENSORS)


seen = True
for name, content, error in [
    ('counts of u32', model('u32', ('u32', 32)), None),
    ('counts of u64', model('u64', ('u64', 32)), 'has wrong type u64 but expected type u32'),
    ('counts of i32', model('i32', ('i32', 32)), 'has wrong type i32 but expected type u32'),
    ('counts of u16', model('u16', ('u16', 32)), 'has wrong type u16 but expected type u32'),
    ('list of u32', model('u32', ('u32', [32])), None),
    ('list of i32', model('u32', ('i32', [32])), None),
    ('list of u64', model('u32', ('u64', [32])), 'has wrong array element type u64'),
    ('list of i16', model('u32', ('i16', [32])), 'is not a string/float32/uint32/int32/uint64 array'),
]:
    loaded = load(content, False)
    text = next((line.strip() for line in log if 'error loading' in line), 'no error')
    print(f'{name}: {"loaded" if loaded else "refused"}, {text}')
    seen &= bool(loaded) == (error is None) and (error or 'no error') in text
sys.exit(0 if seen else 1)
PY
python3 finding.py
