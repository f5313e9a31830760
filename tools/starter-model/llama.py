"""The few calls of the llama.cpp C API that the evaluation needs, through ctypes; standard library only.

Struct layouts are those of llama.cpp v0.5.0 on x86-64.
"""
import ctypes as C, glob, os, sys

i32, u32, f32, ptr, flag = C.c_int32, C.c_uint32, C.c_float, C.c_void_p, C.c_bool

LOG_ERROR = 4
CONTEXT = 2048                         # tokens: what the model was trained for

class ModelParams(C.Structure):
    _fields_ = [("devices", ptr), ("tensor_buft_overrides", ptr)] + \
        [(n, i32) for n in "n_gpu_layers split_mode load_mode lazy_mode main_gpu".split()] + \
        [(n, ptr) for n in "tensor_split progress_callback progress_callback_user_data kv_overrides".split()] + \
        [(n, flag) for n in "vocab_only check_tensors use_extra_bufts no_host no_alloc load_mtp".split()]

class ContextParams(C.Structure):
    _fields_ = [(n, u32) for n in "n_ctx n_batch n_ubatch n_seq_max n_rs_seq n_outputs_max n_outputs_max_per_seq".split()] + \
        [(n, i32) for n in "n_threads n_threads_batch ctx_type rope_scaling_type pooling_type attention_type flash_attn_type".split()] + \
        [(n, f32) for n in "rope_freq_base rope_freq_scale yarn_ext_factor yarn_attn_factor yarn_beta_fast yarn_beta_slow".split()] + \
        [("yarn_orig_ctx", u32), ("defrag_thold", f32), ("cb_eval", ptr), ("cb_eval_user_data", ptr), ("type_k", i32), ("type_v", i32),
         ("abort_callback", ptr), ("abort_callback_data", ptr)] + \
        [(n, flag) for n in "embeddings offload_kqv no_perf op_offload swa_full kv_unified".split()] + \
        [("samplers", ptr), ("n_samplers", C.c_size_t), ("ctx_other", ptr)]

class Batch(C.Structure):
    _fields_ = [("n_tokens", i32)] + [(n, ptr) for n in "token embd pos n_seq_id seq_id logits".split()]

assert C.sizeof(ModelParams) == 80 and C.sizeof(ContextParams) == 160 and C.sizeof(Batch) == 56

FUNCTIONS = {
    "llama_model_default_params": (ModelParams, []),
    "llama_model_load_from_file": (ptr, [C.c_char_p, ModelParams]),
    "llama_model_get_vocab": (ptr, [ptr]),
    "llama_context_default_params": (ContextParams, []),
    "llama_init_from_model": (ptr, [ptr, ContextParams]),
    "llama_vocab_is_eog": (flag, [ptr, i32]),
    "llama_vocab_n_tokens": (i32, [ptr]),
    "llama_tokenize": (i32, [ptr, C.c_char_p, i32, ptr, i32, flag, flag]),
    "llama_token_to_piece": (i32, [ptr, i32, ptr, i32, i32, flag]),
    "llama_batch_get_one": (Batch, [ptr, i32]),
    "llama_decode": (i32, [ptr, Batch]),
    "llama_get_logits_ith": (C.POINTER(f32), [ptr, i32]),
    "llama_get_memory": (ptr, [ptr]),
    "llama_memory_clear": (None, [ptr, flag]),
}

def find(folder, name):
    """The library `name` in the folder, with or without a version in its file name; None when it is missing."""
    return next(iter(sorted(glob.glob(os.path.join(glob.escape(folder), f"lib{name}.*so")))), None)

class Llama:
    """One model with one context on one thread. Lives as long as the process."""

    def __init__(self, folder, model, float32_cache=False):
        ggml = C.CDLL(find(folder, "ggml"), C.RTLD_GLOBAL)
        self.api = C.CDLL(find(folder, "llama"))
        for name, (result, arguments) in FUNCTIONS.items():
            f = getattr(self.api, name)
            f.restype, f.argtypes = result, arguments
        self.log = C.CFUNCTYPE(None, i32, C.c_char_p, ptr)(       # kept: the library holds the pointer
            lambda level, text, _: sys.stderr.write(text.decode(errors="replace")) if level == LOG_ERROR else None)
        self.api.llama_log_set(self.log, None)
        ggml.ggml_backend_load_all_from_path(os.fsencode(folder))
        self.api.llama_backend_init()
        self.model = self.api.llama_model_load_from_file(os.fsencode(model), self.api.llama_model_default_params())
        if not self.model: sys.exit(f"The model {model} could not be loaded.")
        p = self.api.llama_context_default_params()
        p.n_ctx = CONTEXT
        p.n_threads = p.n_threads_batch = 1
        if float32_cache: p.type_k = p.type_v = p.flash_attn_type = 0
        self.context = self.api.llama_init_from_model(self.model, p)
        if not self.context: sys.exit(f"No context of {CONTEXT} tokens could be made for {model}.")
        self.vocab = self.api.llama_model_get_vocab(self.model)
        self.size = self.api.llama_vocab_n_tokens(self.vocab)

    def tokenize(self, text):
        b = text.encode("utf-8")
        ids = (i32 * (len(b) + 8))()
        return ids[:self.api.llama_tokenize(self.vocab, b, len(b), ids, len(ids), False, True)]

    def piece(self, token):
        buffer = C.create_string_buffer(256)
        n = self.api.llama_token_to_piece(self.vocab, token, buffer, len(buffer), 0, False)
        return buffer.raw[:max(n, 0)]

    def clear(self):
        self.api.llama_memory_clear(self.api.llama_get_memory(self.context), True)

    def feed(self, ids):
        """Decodes the tokens and returns the logits after the last one."""
        a = (i32 * len(ids))(*ids)
        code = self.api.llama_decode(self.context, self.api.llama_batch_get_one(C.cast(a, ptr), len(ids)))
        if code: sys.exit(f"llama_decode failed with {code} on {len(ids)} tokens.")
        return self.api.llama_get_logits_ith(self.context, -1)[:self.size]

    def generate(self, prompt, limit=420):
        """Greedy decoding from an empty context: the text and the number of its tokens."""
        self.clear()
        logits = self.feed(self.tokenize(prompt))
        out = b""
        for n in range(limit):
            token = logits.index(max(logits))
            if self.api.llama_vocab_is_eog(self.vocab, token): break
            out += self.piece(token)
            logits = self.feed([token])
        else:
            n = limit
        return out.decode("utf-8", "replace"), n
