"""Reads a GGUF file that export.py wrote back into a checkpoint, so that training can go on from the shipped weights.

  python3 restore.py ../../src/Orchard.StarterModel/models/starter.gguf start.pt

A q8_0 file gives the rounded weights: training starts from what ships, not from what was trained.
"""
import struct, sys
import numpy as np

SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}

class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def scalar(self, form):
        value, = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return value

    def text(self):
        n = self.scalar("Q")
        self.at += n
        return self.data[self.at - n:self.at].decode("utf-8")

    def value(self, kind):
        if kind == 8: return self.text()
        if kind != 9: return self.scalar(SCALARS[kind])
        kind, n = self.scalar("I"), self.scalar("Q")
        return [self.value(kind) for _ in range(n)]

def read(path):
    """The metadata and the tensors, the latter as float32."""
    with open(path, "rb") as f: data = f.read()
    r = Reader(data)
    if data[:4] != b"GGUF": sys.exit(f"{path} is not a GGUF file.")
    r.at = 8
    n_tensors, n_values = r.scalar("Q"), r.scalar("Q")
    values = {}
    for _ in range(n_values):
        key = r.text()
        values[key] = r.value(r.scalar("I"))
    infos = []
    for _ in range(n_tensors):
        name = r.text()
        shape = [r.scalar("Q") for _ in range(r.scalar("I"))][::-1]
        infos.append((name, shape, r.scalar("I"), r.scalar("Q")))
    start = -(-r.at // 32) * 32
    tensors = {}
    for name, shape, kind, offset in infos:
        n, at = int(np.prod(shape)), start + offset
        if kind == 0: w = np.frombuffer(data, np.float32, n, at)
        elif kind == 1: w = np.frombuffer(data, np.float16, n, at).astype(np.float32)
        elif kind == 8:
            b = np.frombuffer(data, np.dtype([("d", "<f2"), ("q", "i1", 32)]), n // 32, at)
            w = (b["d"].astype(np.float32)[:, None] * b["q"].astype(np.float32)).reshape(-1)
        else: sys.exit(f"{path}: tensor {name} has type {kind}; only f32, f16 and q8_0 are read.")
        tensors[name] = w.reshape(shape)
    return values, tensors

def checkpoint(path):
    import torch
    v, t = read(path)
    g = lambda key: v["llama." + key]
    cfg = {"d": g("embedding_length"), "layers": g("block_count"), "heads": g("attention.head_count"), "kv": g("attention.head_count_kv"), "hd": g("attention.key_length"),
           "ff": g("feed_forward_length"), "vocab": g("vocab_size"), "eps": g("attention.layer_norm_rms_epsilon"), "theta": g("rope.freq_base"), "context": g("context_length")}
    sd = {"emb": t["token_embd.weight"], "on": t["output_norm.weight"]}
    for i in range(cfg["layers"]):
        p = f"blk.{i}."
        sd[f"an.{i}"], sd[f"fn.{i}"] = t[p + "attn_norm.weight"], t[p + "ffn_norm.weight"]
        sd[f"qkv.{i}"] = np.concatenate([t[p + f"attn_{x}.weight"] for x in "qkv"])
        sd[f"gu.{i}"] = np.concatenate([t[p + "ffn_gate.weight"], t[p + "ffn_up.weight"]])
        sd[f"o.{i}"], sd[f"dn.{i}"] = t[p + "attn_output.weight"], t[p + "ffn_down.weight"]
    return {"model": {k: torch.from_numpy(np.array(w, np.float32)) for k, w in sd.items()}, "cfg": cfg, "step": 0, "tokens": 0}

if __name__ == "__main__":
    import torch
    saved = checkpoint(sys.argv[1])
    torch.save(saved, sys.argv[2])
    print(sys.argv[2], saved["cfg"], sum(w.numel() for w in saved["model"].values()), "parameters")
