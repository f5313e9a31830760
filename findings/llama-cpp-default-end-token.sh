#!/usr/bin/env bash
# llama.cpp 0.5.0 (npm @node-llama-cpp/linux-x64 3.22.1): a byte-level vocabulary that names no end token does not go without one: token 11
# begins the text, ends it, and stops the generation. In the order of GPT-2, which many vocabularies follow, it is the comma. Guess before
# the run: there is no end token (-1), or the one of GPT-2, 50256.
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


def vocabulary(tokens, *more):
    return gguf([
        ('general.architecture', 'string', 'llama'),
        ('tokenizer.ggml.model', 'string', 'gpt2'),
        ('tokenizer.ggml.pre', 'string', 'gpt-2'),
        ('tokenizer.ggml.tokens', 'string', tokens),
        ('tokenizer.ggml.token_type', 'i32', [1] * len(tokens)),
        ('tokenizer.ggml.merges', 'string', ['! !']),
        *more,
    ])


llama.llama_model_get_vocab.restype = ctypes.c_void_p
llama.llama_model_get_vocab.argtypes = llama.llama_vocab_bos.argtypes = llama.llama_vocab_eos.argtypes = [ctypes.c_void_p]
llama.llama_vocab_is_eog.argtypes = [ctypes.c_void_p, ctypes.c_int]
llama.llama_vocab_is_eog.restype = ctypes.c_bool

tokens = [chr(code) for code in range(33, 65)]
words = llama.llama_model_get_vocab(load(vocabulary(tokens), True))
begin, end = llama.llama_vocab_bos(words), llama.llama_vocab_eos(words)
stops = [token for number, token in enumerate(tokens) if llama.llama_vocab_is_eog(words, number)]
print(f'begin {begin}, end {end}, generation stops at {stops}')
sys.exit(0 if (begin, end, stops) == (11, 11, [',']) else 1)
PY
python3 finding.py
