"""The encoder and the projector as libmtmd computes them, and the starter model behind them. Needs numpy and torch.

The encoder is a vision transformer of CLIP's form (learned positions, norm before each block, GELU) without a class token;
the projector is LLaVA's (two layers). Both are what libmtmd calls `mlp`. Every patch of a picture becomes one position of
the text model. The text model is tools/starter-model's, and stays as it ships.
"""
import math, os, sys
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "starter-model"))
import restore, tokenizer, pictures
from train import Model as TextModel

STARTER = os.path.join(HERE, "..", "..", "src", "Orchard.StarterModel", "models", "starter.gguf")
CFG = dict(size=pictures.SIZE, patch=8, d=128, layers=5, heads=4, ff=512, out=192, eps=1e-5, mean=[.5, .5, .5], std=[.25, .25, .25])
HEADS = [("shape", 6), ("colour", 8), ("count", 6), ("digit", 10), ("position", 5)]        # what the whole picture shows
LOCAL = [("thing", 17), ("hue", 9), ("middle", 2)]                                         # what a patch shows

def gelu(x): return F.gelu(x, approximate="tanh")

class Encoder(nn.Module):
    def __init__(s, c):
        super().__init__()
        s.c = c; d, L, n = c["d"], c["layers"], (c["size"] // c["patch"]) ** 2
        P = lambda o, i, k=1.0: nn.Parameter(torch.randn(o, i) * (k / math.sqrt(i)))
        zeros, ones = (lambda n: nn.Parameter(torch.zeros(n))), (lambda n: nn.Parameter(torch.ones(n)))
        each = lambda make: nn.ParameterList([make() for _ in range(L)])
        s.patch, s.patch_b, s.pos = P(d, 3 * c["patch"] ** 2), zeros(d), nn.Parameter(torch.randn(n, d) * .3)
        s.pre_w, s.pre_b, s.post_w, s.post_b = ones(d), zeros(d), ones(d), zeros(d)
        s.ln1_w, s.ln1_b, s.ln2_w, s.ln2_b = each(lambda: ones(d)), each(lambda: zeros(d)), each(lambda: ones(d)), each(lambda: zeros(d))
        s.qkv, s.qkv_b = each(lambda: P(3 * d, d)), each(lambda: zeros(3 * d))
        s.o, s.o_b = each(lambda: P(d, d, 1 / math.sqrt(2 * L))), each(lambda: zeros(d))
        s.up, s.up_b = each(lambda: P(c["ff"], d)), each(lambda: zeros(c["ff"]))
        s.down, s.down_b = each(lambda: P(d, c["ff"], 1 / math.sqrt(2 * L))), each(lambda: zeros(d))
        s.mm0, s.mm0_b, s.mm2, s.mm2_b = P(c["out"], d), zeros(c["out"]), P(c["out"], c["out"], .3), zeros(c["out"])
        s.heads, s.heads_b = P(sum(n for _, n in HEADS), d), zeros(sum(n for _, n in HEADS))          # only for the first phase
        s.local, s.local_b = P(sum(n for _, n in LOCAL), d), zeros(sum(n for _, n in LOCAL))
        s.kind = torch.float32         # of the matrix products; bfloat16 is faster on a CPU that has it

    def linear(s, x, w, b):
        if s.kind == torch.float32: return F.linear(x, w, b)
        return F.linear(x.to(s.kind), w.to(s.kind)).float() + b

    def features(s, images):
        """uint8 images (B, rows, columns, RGB) to (B, patches, d), and the same after the third layer."""
        c = s.c; B, p, d, H = len(images), c["patch"], c["d"], c["heads"]; g = c["size"] // p
        x = (images.float() / 255 - torch.tensor(c["mean"])) / torch.tensor(c["std"])
        x = x.view(B, g, p, g, p, 3).permute(0, 1, 3, 5, 2, 4).reshape(B, g * g, 3 * p * p)      # each patch: channel, row, column
        x = F.linear(x, s.patch, s.patch_b) + s.pos
        x = F.layer_norm(x, (d,), s.pre_w, s.pre_b, c["eps"])
        middle = None
        for i in range(c["layers"]):
            h = F.layer_norm(x, (d,), s.ln1_w[i], s.ln1_b[i], c["eps"])
            q, k, v = s.linear(h, s.qkv[i], s.qkv_b[i]).view(B, g * g, 3, H, d // H).permute(2, 0, 3, 1, 4).reshape(3, B * H, g * g, d // H)
            a = F.softmax(torch.bmm(q * (1 / math.sqrt(d // H)), k.transpose(1, 2)), -1)
            y = torch.bmm(a, v).view(B, H, g * g, d // H).transpose(1, 2).reshape(B, g * g, d)
            x = x + s.linear(y, s.o[i], s.o_b[i])
            h = F.layer_norm(x, (d,), s.ln2_w[i], s.ln2_b[i], c["eps"])
            x = x + s.linear(gelu(s.linear(h, s.up[i], s.up_b[i])), s.down[i], s.down_b[i])
            if i == 2: middle = x
        return F.layer_norm(x, (d,), s.post_w, s.post_b, c["eps"]), middle

    def project(s, x): return F.linear(gelu(F.linear(x, s.mm0, s.mm0_b)), s.mm2, s.mm2_b)

class Text(TextModel):
    """The starter model, from embeddings instead of tokens."""
    def __init__(s, path=STARTER):
        saved = restore.checkpoint(path)
        super().__init__(saved["cfg"])
        s.load_state_dict(saved["model"])
        for p in s.parameters(): p.requires_grad_(False)
        s.use(torch.float32)

    def use(s, dtype):
        """The number format of the matrix products: bfloat16 is faster on a CPU that has it."""
        s.low = {n: [w.to(dtype) for w in getattr(s, n)] for n in ("qkv", "o", "gu", "dn")}; s.kind = dtype
        return s

    def embed(s, ids): return F.embedding(ids, s.emb)

    def run(s, x, pos, mask, sel):
        """Embeddings (B, T, d), their positions (B, T), an additive mask (B, T, T); logits at the flat indices sel."""
        c = s.c; B, T, _ = x.shape; H, KV, hd = c["heads"], c["kv"], c["hd"]; G = H // KV
        ang = pos.float()[..., None] * c["theta"] ** (-torch.arange(0, hd, 2, dtype=torch.float32) / hd)
        cos, sin = ang.cos()[:, :, None], ang.sin()[:, :, None]
        sc = 1 / math.sqrt(hd)
        m = mask[:, None, None]
        linear = lambda x, name, i: F.linear(x.to(s.kind), s.low[name][i]).float()
        for i in range(c["layers"]):
            q, k, v = linear(s.norm(x, s.an[i]), "qkv", i).split([H * hd, KV * hd, KV * hd], -1)
            q = s.rope(q.reshape(B, T, H, hd), cos * sc, sin * sc).transpose(1, 2).reshape(B * KV, G * T, hd)
            k = s.rope(k.reshape(B, T, KV, hd), cos, sin).transpose(1, 2).reshape(B * KV, T, hd)
            v = v.reshape(B, T, KV, hd).transpose(1, 2).reshape(B * KV, T, hd)
            a = F.softmax(torch.bmm(q, k.transpose(1, 2)).view(B, KV, G, T, T) + m, -1).view(B * KV, G * T, T)
            y = torch.bmm(a, v).view(B, H, T, hd).transpose(1, 2).reshape(B, T, H * hd)
            x = x + linear(y, "o", i)
            g, u = F.linear(s.norm(x, s.fn[i]).to(s.kind), s.low["gu"][i]).chunk(2, -1)
            x = x + linear(F.silu(g) * u, "dn", i)
        return F.linear(s.norm(x.reshape(B * T, -1)[sel], s.on), s.emb)

TOKENS = tokenizer.Tokenizer.load(os.path.join(HERE, "..", "starter-model", "tokenizer.json"))
def ids(text): return TOKENS.encode(text)
PATCHES = (CFG["size"] // CFG["patch"]) ** 2
IMAGE = -1                             # stands for one patch in a row of tokens
END = "<|im_end|>\n<|im_start|>assistant\n"

def row(before, questions):
    """Tokens of one picture and several questions about it, which do not see each other: tokens, targets, positions, groups.

    Each question is (text before the picture or none, text after it, answer). Group 0 is what all of them see; with a text
    before the picture there can be only one question.
    """
    x = list(before) + [IMAGE] * PATCHES
    y, pos, group = [-1] * len(x), list(range(len(x))), [0] * len(x)
    for n, (q, a) in enumerate(questions):
        p, t = ids(q + END), ids(a + "<|im_end|>")
        start = len(before) + PATCHES
        x += p + t[:-1]; y += [-1] * (len(p) - 1) + t
        pos += range(start, start + len(p) + len(t) - 1); group += [n + 1] * (len(p) + len(t) - 1)
    return x, y, pos, group

def chat(before, questions):
    """Tokens of one picture and several turns about it, one after the other."""
    x = list(before) + [IMAGE] * PATCHES; loss = [False] * len(x)
    for n, (q, a) in enumerate(questions):
        p, t = ids(("\n<|im_start|>user\n" if n else "") + q + END), ids(a + "<|im_end|>")
        x += p + t; loss += [False] * len(p) + [True] * len(t)
    y = [t if l else -1 for t, l in zip(x[1:], loss[1:])]
    return x[:-1], y, list(range(len(y))), [0] * len(y)

def rows(batch):
    """Pads rows to one length and makes the mask."""
    T = max(len(b[0]) for b in batch); B = len(batch)
    x, y, pos, group = np.zeros((B, T), np.int64), np.full((B, T), -1, np.int64), np.zeros((B, T), np.int64), np.full((B, T), -1, np.int64)
    for i, (a, t, p, g) in enumerate(batch):
        n = len(a); x[i, :n], y[i, :n], pos[i, :n], group[i, :n] = a, t, p, g
    ok = ((group[:, :, None] == group[:, None, :]) | (group[:, None, :] == 0)) & np.tril(np.ones((T, T), bool))
    return x, y, torch.from_numpy(pos), torch.from_numpy(np.where(ok, 0, -1e9).astype(np.float32))

def answer_logits(text, embeddings, batch):
    """Logits of the rows of a batch where they have a target, and the targets; embeddings are (B, patches, d)."""
    x, y, pos, mask = rows(batch)
    image = torch.from_numpy(np.flatnonzero(x.reshape(-1) == IMAGE))
    e = text.embed(torch.from_numpy(np.maximum(x, 0)))
    e = e.reshape(-1, e.shape[-1]).index_copy(0, image, embeddings.reshape(-1, embeddings.shape[-1])).view(*x.shape, -1)
    flat = y.reshape(-1); sel = np.flatnonzero(flat >= 0)
    return text.run(e, pos, mask, torch.from_numpy(sel)), torch.from_numpy(flat[sel]), sel // x.shape[1]
