"""Writes a checkpoint of the encoder and the projector as the mmproj GGUF that libmtmd reads. Needs numpy (and torch to read the checkpoint).

  python3 mmproj.py ckpt.pt mmproj-starter-vision.gguf [f32|f16|q8_0]
"""
import os, struct, sys
import numpy as np
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "starter-model"))
from export import _kv, _s, q8_0, ARR, BOOL, F32, I32, STR, U32

VERSION = "1"                          # of the weights: goes up with every training that ships

def _floats(key, values): return _s(key) + struct.pack("<IIQ", ARR, F32, len(values)) + np.array(values, np.float32).tobytes()

def tensors(sd, c):
    d, p = c["d"], c["patch"]
    yield "v.patch_embd.weight", sd["patch"].reshape(d, 3, p, p)
    yield "v.patch_embd.bias", sd["patch_b"]
    yield "v.position_embd.weight", sd["pos"]
    for name in "pre", "post":
        yield f"v.{name}_ln.weight", sd[name + "_w"]
        yield f"v.{name}_ln.bias", sd[name + "_b"]
    for i in range(c["layers"]):
        for name in "ln1", "ln2":
            yield f"v.blk.{i}.{name}.weight", sd[f"{name}_w.{i}"]
            yield f"v.blk.{i}.{name}.bias", sd[f"{name}_b.{i}"]
        for name, w, b in zip("qkv", np.split(sd[f"qkv.{i}"], 3), np.split(sd[f"qkv_b.{i}"], 3)):
            yield f"v.blk.{i}.attn_{name}.weight", w
            yield f"v.blk.{i}.attn_{name}.bias", b
        for name, key in ("attn_out", "o"), ("ffn_up", "up"), ("ffn_down", "down"):
            yield f"v.blk.{i}.{name}.weight", sd[f"{key}.{i}"]
            yield f"v.blk.{i}.{name}.bias", sd[f"{key}_b.{i}"]
    for n in 0, 2:
        yield f"mm.{n}.weight", sd[f"mm{n}"]
        yield f"mm.{n}.bias", sd[f"mm{n}_b"]

def write(sd, c, path, form):
    ts = list(tensors(sd, c))
    kv = [("general.architecture", STR, "clip"), ("general.type", STR, "mmproj"), ("general.name", STR, "orchard-starter-vision"), ("general.basename", STR, "orchard-starter-vision"),
          ("general.size_label", STR, f"{sum(w.size for _, w in ts) / 1e6:.1f}M"), ("general.license", STR, "apache-2.0"), ("general.version", STR, VERSION),
          ("general.description", STR, "A tiny vision encoder for the Orchard starter model, trained from scratch on synthetic pictures of shapes and digits. For first steps and tests."),
          ("general.file_type", U32, {"f32": 0, "f16": 1, "q8_0": 7}[form]), ("general.quantization_version", U32, 2),
          ("clip.has_vision_encoder", BOOL, True), ("clip.projector_type", STR, "mlp"), ("clip.use_gelu", BOOL, True),
          ("clip.vision.image_size", U32, c["size"]), ("clip.vision.patch_size", U32, c["patch"]), ("clip.vision.embedding_length", U32, c["d"]), ("clip.vision.feed_forward_length", U32, c["ff"]),
          ("clip.vision.block_count", U32, c["layers"]), ("clip.vision.projection_dim", U32, c["out"]), ("clip.vision.attention.head_count", U32, c["heads"]), ("clip.vision.attention.layer_norm_epsilon", F32, c["eps"]),
          ("clip.vision.feature_layer", (ARR, I32), [c["layers"]])]              # all layers; without it libmtmd leaves out the last one
    head = b"".join(_kv(*x) for x in kv) + _floats("clip.vision.image_mean", c["mean"]) + _floats("clip.vision.image_std", c["std"])
    head = b"GGUF" + struct.pack("<IQQ", 3, len(ts), len(kv) + 2) + head
    data, at = [], 0
    for name, w in ts:
        w = np.ascontiguousarray(w, np.float32)
        small = w.ndim != 2 or "position" in name            # the convolution and the rows that are added stay in float32
        if small or form == "f32": kind, b = 0, w.tobytes()
        elif form == "f16": kind, b = 1, w.astype(np.float16).tobytes()
        else: kind, b = 8, q8_0(w)
        head += _s(name) + struct.pack("<I", w.ndim) + b"".join(struct.pack("<Q", x) for x in w.shape[::-1]) + struct.pack("<IQ", kind, at)
        b += b"\0" * (-len(b) % 32); data.append(b); at += len(b)
    head += b"\0" * (-len(head) % 32)
    with open(path, "wb") as f:
        f.write(head)
        for b in data: f.write(b)

if __name__ == "__main__":
    import torch
    saved = torch.load(sys.argv[1], map_location="cpu")
    write({k: v.float().numpy() for k, v in saved["model"].items()}, saved["cfg"], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "q8_0")
    print(sys.argv[2], os.path.getsize(sys.argv[2]), "bytes; step", saved["step"])
