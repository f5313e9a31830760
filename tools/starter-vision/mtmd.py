"""The few calls of libmtmd that the evaluation needs, through ctypes; standard library only.

Struct layouts are those of llama.cpp v0.5.0 on x86-64.
"""
import ctypes as C, os, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "starter-model"))
import llama
from llama import f32, flag, i32, ptr

class ContextParams(C.Structure):
    _fields_ = [("use_gpu", flag), ("device", ptr), ("print_timings", flag), ("n_threads", C.c_int), ("image_marker", C.c_char_p), ("media_marker", C.c_char_p),
                ("flash_attn_type", C.c_int), ("warmup", flag), ("image_min_tokens", C.c_int), ("image_max_tokens", C.c_int), ("cb_eval", ptr), ("cb_eval_user_data", ptr),
                ("batch_max_tokens", i32), ("progress_callback", ptr), ("progress_callback_user_data", ptr)]

class Text(C.Structure): _fields_ = [("text", C.c_char_p), ("text_len", C.c_size_t), ("add_special", flag), ("parse_special", flag)]
class Part(C.Structure): _fields_ = [("text", C.POINTER(Text)), ("bitmap", ptr)]
class Options(C.Structure): _fields_ = [("fps", f32), ("folder", C.c_char_p), ("interval", C.c_int64)]
class Bitmap(C.Structure): _fields_ = [("bitmap", ptr), ("video", ptr)]

FUNCTIONS = {
    "mtmd_context_params_default": (ContextParams, []),
    "mtmd_init_from_file": (ptr, [C.c_char_p, ptr, ContextParams]),
    "mtmd_helper_init_opt_default": (Options, []),
    "mtmd_helper_bitmap_init_from_buf": (Bitmap, [ptr, C.c_char_p, C.c_size_t, flag, Options]),
    "mtmd_bitmap_free": (None, [ptr]),
    "mtmd_input_chunks_init": (ptr, []),
    "mtmd_input_chunks_free": (None, [ptr]),
    "mtmd_helper_get_n_tokens": (C.c_size_t, [ptr]),
    "mtmd_tokenize_from_parts": (i32, [ptr, ptr, ptr, C.c_size_t, flag]),
    "mtmd_helper_eval_chunks": (i32, [ptr, ptr, ptr, i32, i32, i32, flag, C.POINTER(i32)]),
}

class Seer(llama.Llama):
    """A text model with an encoder. Lives as long as the process."""

    def __init__(self, folder, model, mmproj, exact=False):
        super().__init__(folder, model, float32_cache=exact)
        self.media = C.CDLL(os.path.join(folder, "libmtmd.so"))
        for name, (result, arguments) in FUNCTIONS.items():
            f = getattr(self.media, name)
            f.restype, f.argtypes = result, arguments
        self.media.mtmd_helper_log_set.argtypes = [ptr, ptr]
        self.media.mtmd_helper_log_set(C.cast(self.log, ptr), None)
        p = self.media.mtmd_context_params_default()
        p.use_gpu = p.warmup = p.print_timings = False
        p.n_threads = 1
        if exact: p.flash_attn_type = 0
        self.encoder = self.media.mtmd_init_from_file(os.fsencode(mmproj), self.model, p)
        if not self.encoder: sys.exit(f"The encoder {mmproj} could not be loaded.")

    def see(self, before, picture, after):
        """Decodes text, a picture (the bytes of a file) and text from an empty context; the logits after the last token, and how many tokens there were."""
        self.clear()
        made = self.media.mtmd_helper_bitmap_init_from_buf(self.encoder, picture, len(picture), False, self.media.mtmd_helper_init_opt_default())
        if not made.bitmap: sys.exit("The picture could not be read.")
        texts = [Text(t.encode(), len(t.encode()), False, True) for t in (before, after)]
        parts = [Part(C.pointer(texts[0]), None), Part(None, made.bitmap), Part(C.pointer(texts[1]), None)]
        chunks = self.media.mtmd_input_chunks_init()
        pointers = (C.POINTER(Part) * 3)(*map(C.pointer, parts))
        code = self.media.mtmd_tokenize_from_parts(self.encoder, chunks, C.cast(pointers, ptr), 3, False)
        if code: sys.exit(f"mtmd_tokenize_from_parts failed with {code}.")
        end = i32()
        code = self.media.mtmd_helper_eval_chunks(self.encoder, self.context, chunks, 0, 0, 512, True, C.byref(end))
        if code: sys.exit(f"mtmd_helper_eval_chunks failed with {code}.")
        n = self.media.mtmd_helper_get_n_tokens(chunks)
        self.media.mtmd_input_chunks_free(chunks)
        self.media.mtmd_bitmap_free(made.bitmap)
        return self.api.llama_get_logits_ith(self.context, -1)[:self.size], n

    def answer(self, before, picture, after, limit=40):
        """Greedy decoding."""
        logits, _ = self.see(before, picture, after)
        out = b""
        for _ in range(limit):
            token = logits.index(max(logits))
            if self.api.llama_vocab_is_eog(self.vocab, token): break
            out += self.piece(token)
            logits = self.feed([token])
        return out.decode("utf-8", "replace")
