"""Learns which embeddings make the frozen starter model say what is in a picture, without pictures. Needs numpy and torch.

  python3 table.py --steps 400 --out table.pt

Each position of a picture gets one of four facts, in turn: shape or digit, colour, position, count. The table has a vector
for each value of a fact, and one for each position, which are added. The encoder is then trained towards these vectors.
"""
import argparse, math, os, time
for library in ("OPENBLAS", "OMP"): os.environ.setdefault(library + "_NUM_THREADS", "1")
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
import learn, pictures, vision

FACTS = [17, 9, 6, 7]                  # values of each, the first for "none"
START = np.cumsum([0] + FACTS[:-1])

def rows_of(t):
    """The rows of the table for a scene."""
    v = pictures.truths(t)
    what = 1 + pictures.SHAPES.index(v["shape"]) if "shape" in v else 7 + int(v["digit"]) if "digit" in v else 0
    values = [what, 1 + pictures.NAMES.index(v["colour"]) if "colour" in v else 0, 1 + pictures.POSITIONS.index(v["position"]) if "position" in v else 0, v.get("count", 0)]
    return [int(s + x) for s, x in zip(START, values)]

class Table(nn.Module):
    def __init__(s, d, scale):
        super().__init__()
        s.values, s.places = nn.Parameter(torch.randn(sum(FACTS), d) * scale), nn.Parameter(torch.randn(vision.PATCHES, d) * scale * .5)
        s.fact = torch.arange(vision.PATCHES) % len(FACTS)

    def forward(s, scenes): return s.values[torch.tensor([rows_of(t) for t in scenes])[:, s.fact]] + s.places

def load(path):
    saved = torch.load(path)
    t = Table(saved["values"].shape[1], 1)
    t.load_state_dict(saved)
    return t.requires_grad_(False)

def loss_of(table, text, r, scenes):
    """The loss on the answers to every kind of question about the scenes, each in two or three wordings."""
    loss, n = 0, 0
    for group in [t for t in scenes if t["kind"] == "several"], [t for t in scenes if t["kind"] != "several"]:
        if not group: continue
        batch = []
        for t in group:
            kinds = list(pictures.truths(t))
            gap = "\n" if r.random() < .2 else ""
            batch.append(vision.row(learn.USER, [(gap + q, a) for q, a in (pictures.ask(r, t, k) for k in kinds * (3 if len(kinds) == 1 else 2))]))
        z, y, _ = vision.answer_logits(text, table(group), batch)
        loss = loss + F.cross_entropy(z, y, reduction="sum"); n += len(y)
    return loss / n

def evaluate(table, text, n=100):
    r = np.random.default_rng(77); right = {k: [0, 0] for k in pictures.KINDS}
    with torch.no_grad():
        for _ in range(n):
            t = pictures.scene(r); kinds = list(pictures.truths(t)); k = kinds[r.integers(len(kinds))]
            z, y, _ = vision.answer_logits(text, table([t]), [vision.row(learn.USER, [pictures.ask(r, t, k, True)])])
            right[k][0] += bool((z.argmax(-1) == y).all()); right[k][1] += 1
    return ", ".join(f"{k} {a}/{b}" for k, (a, b) in right.items())

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--steps", type=int, default=400); ap.add_argument("--batch", type=int, default=6); ap.add_argument("--rate", type=float, default=.2); ap.add_argument("--out", default="table.pt"); ap.add_argument("--seed", type=int, default=11); ap.add_argument("--float32", action="store_true")
    a = ap.parse_args()
    torch.set_num_threads(1); torch.manual_seed(a.seed)
    text = vision.Text().use(torch.float32 if a.float32 else torch.bfloat16)
    scale = float(text.emb.square().mean().sqrt())
    table = Table(text.c["d"], scale); r = np.random.default_rng(a.seed)
    adam = torch.optim.Adam(table.parameters(), betas=(.9, .97)); mean, start = None, time.time()
    for n in range(a.steps):
        f = n / a.steps
        for g in adam.param_groups: g["lr"] = a.rate * scale * min(1, f / .05) * (.05 + .95 * .5 * (1 + math.cos(math.pi * f)))
        loss = loss_of(table, text, r, [pictures.scene(r) for _ in range(a.batch)])
        adam.zero_grad(); loss.backward(); adam.step()
        mean = loss.item() if mean is None else .95 * mean + .05 * loss.item()
        if n % 20 == 19: print(f"step {n + 1} loss {mean:.4f} {time.time() - start:.0f} s", flush=True)
        if n % 100 == 99: torch.save(table.state_dict(), a.out); print("  ", evaluate(table, text), flush=True)
    torch.save(table.state_dict(), a.out)
