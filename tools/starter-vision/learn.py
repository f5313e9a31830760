"""Trains the encoder and the projector on the CPU. Needs numpy and torch (1.13 or later), BLAS = OpenBLAS.

  python3 learn.py --phase 1 --minutes 12 --out a.pt
  python3 learn.py --phase 2 --minutes 25 --init a.pt --lr 1e-3 --out b.pt
  python3 learn.py --eval b.pt

Phase 1 trains the encoder with linear heads: what each patch shows, and what the whole picture shows. Phase 2 drops the heads
and trains encoder and projector through the frozen starter model: loss on its answers. Two workers with one thread each share
weights and optimiser, as in tools/starter-model/train.py.
"""
import argparse, json, os, random
for library in ("OPENBLAS", "OMP"): os.environ.setdefault(library + "_NUM_THREADS", "1")
import numpy as np, torch, torch.nn.functional as F, torch.multiprocessing as mp
import pictures, vision, corpus
from vision import CFG, HEADS, LOCAL, Encoder, Text
from train import Shared, take         # of tools/starter-model

POOL, FRESH = 24000, .3                # pictures kept by a worker, share of each batch that is new

class Data:
    """Endless pictures, most of them shown a few times."""
    def __init__(s, seed, several=None): s.r, s.pool, s.made, s.several = np.random.default_rng(seed), [], 0, several
    def batch(s, n):
        out = []
        for _ in range(n):
            if len(s.pool) < 256 or s.r.random() < FRESH:
                t = pictures.scene(s.r, "several" if s.several and s.r.random() < s.several else None); a = pictures.prepare(pictures.draw(s.r, t)); s.made += 1
                if len(s.pool) < POOL: s.pool.append((t, a))
                else: s.pool[s.r.integers(POOL)] = (t, a)
                out.append((t, a))
            else: out.append(s.pool[s.r.integers(len(s.pool))])
        return out

def labels(t):
    """Targets of the heads: the picture (5), and each patch (patches, 3); -1 where there is nothing to say."""
    g, p = CFG["size"] // CFG["patch"], CFG["patch"]
    w, h = t["size"]; scale = CFG["size"] / max(w, h)
    local = np.zeros((g, g, 3), np.int64)
    px = (np.arange(g) + .5) * p
    for name, hue, x, y, radius in t["things"]:
        x, y, radius = CFG["size"] / 2 + (x - w / 2) * scale, CFG["size"] / 2 + (y - h / 2) * scale, radius * scale
        near = np.hypot(px[None, :] - x, px[:, None] - y) < max(radius, 3)
        i, j = int(y // p), int(x // p); near[i, j] = True
        local[near, 0] = -1 if radius < 6 else 7 + int(name) if name.isdigit() else 1 + pictures.SHAPES.index(name)
        local[near, 1] = 1 + pictures.NAMES.index(hue); local[i, j, 2] = 1
    v = pictures.truths(t); y = []
    for k, _ in HEADS:
        a = v.get(k) if k != "count" or t["kind"] == "several" else None              # a single shape is too easy to count
        y.append(-1 if a is None else pictures.SHAPES.index(a) if k == "shape" else pictures.NAMES.index(a) if k == "colour" else a - 1 if k == "count" else int(a) if k == "digit" else pictures.POSITIONS.index(a))
    return y, local.reshape(g * g, 3)

def heads_loss(model, batch, table=None, right=None):
    images = torch.from_numpy(np.stack([a for _, a in batch]))
    y, local = zip(*(labels(t) for t, _ in batch))
    y, local = torch.tensor(np.array(y)), torch.from_numpy(np.stack(local))
    x, middle = model.features(images)
    n = x.shape[1]; loss = 0
    if table is not None:
        goal = table([t for t, _ in batch])
        loss = F.mse_loss(model.project(x), goal) / (goal - table.places).var()
    out = F.linear(x, model.heads, model.heads_b).split([k for _, k in HEADS], -1)
    for i, z in enumerate(out):
        on = y[:, i] >= 0
        if not on.any(): continue
        t = y[on, i]
        loss = loss + F.cross_entropy(z[on].reshape(-1, z.shape[-1]), t[:, None].expand(-1, n).reshape(-1)) * on.float().mean() * (3 if HEADS[i][0] == "count" else 2)
        if right is not None:
            hit = z[on].mean(1).argmax(-1) == t
            right[i][0] += int(hit.sum()); right[i][1] += len(t)
    for i, z in enumerate(F.linear(middle, model.local, model.local_b).split([k for _, k in LOCAL], -1)):
        loss = loss + (1.4 if LOCAL[i][0] == "middle" else .7) * F.cross_entropy(z.reshape(-1, z.shape[-1]), local[..., i].reshape(-1), torch.tensor([.5 if LOCAL[i][0] == "middle" else .15] + [1.0] * (z.shape[-1] - 1)), ignore_index=-1)      # most patches are empty
    return loss

USER = vision.ids("<|im_start|>user\n")
SYSTEMS = ["You are a helpful assistant.", "You answer questions about pictures.", "Answer the question.", "You are Orchard, a small assistant."]
PLAIN = ["capitals", "arithmetic", "opposites", "colours", "small talk"]
def plain(r):
    """A question of the starter model's own corpus, and its answer."""
    while True:
        d = corpus.make(random.Random(int(r.integers(2 ** 32))), fam=PLAIN[r.integers(len(PLAIN))])
        if not corpus.system_text(d) and len(d["turns"]) == 2: return d["turns"][0][1], d["turns"][1][1]

def conversation(r, t, first):
    """A row of tokens about a scene; first: the question comes before the picture."""
    kinds = list(pictures.truths(t))
    before = USER
    if r.random() < .08: before = vision.ids(f"<|im_start|>system\n{SYSTEMS[r.integers(len(SYSTEMS))]}<|im_end|>\n") + USER
    if first:
        q, a = pictures.ask(r, t, kinds[r.integers(len(kinds))])
        return vision.row(before + vision.ids(q + ("\n" if r.random() < .5 else "")), [("", a)])
    questions = [pictures.ask(r, t, k) for k in r.permutation(kinds * (3 if len(kinds) == 1 else 2))[:6]]
    if r.random() < .08: questions[r.integers(len(questions))] = plain(r)              # which has nothing to do with the picture
    if r.random() < .15: return vision.chat(before, questions[:3])
    gap = "\n" if r.random() < .25 else ""
    return vision.row(before, [(gap + q, a) for q, a in questions])

def text_loss(model, text, r, batch):
    """The loss on the answers; three forward passes, so that rows of one pass have about the same length."""
    groups = [[], [], []]
    for t, a in batch: groups[2 if r.random() < .35 else t["kind"] == "several"].append((t, a))
    groups = [g for g in groups if g]
    order = [p for g in groups for p in g]
    e = model.project(model.features(torch.from_numpy(np.stack([a for _, a in order])))[0])
    loss, n, at = 0, 0, 0
    first = [False] * len(groups); first[-1] = True
    for g, f in zip(groups, first):
        z, y, _ = vision.answer_logits(text, e[at:at + len(g)], [conversation(r, t, f) for t, _ in g]); at += len(g)
        loss = loss + F.cross_entropy(z, y, reduction="sum"); n += len(y)
    return loss / n, n

def evaluate(model, text, n=500, seed=20261130, first=False, show=False):
    """Exact answers by greedy decoding, by kind; held-out wordings are every other question."""
    right = {k: [0, 0] for k in pictures.KINDS + ["held-out wording"]}
    items = list(pictures.held_out(n, seed))
    with torch.no_grad():
        for at in range(0, n, 50):
            part = items[at:at + 50]
            e = model.project(model.features(torch.from_numpy(np.stack([pictures.prepare(a) for _, a, *_ in part])))[0])
            z, y, of = vision.answer_logits(text, e, [vision.row(USER + vision.ids(q), [("", a)]) if first else vision.row(USER, [(q, a)]) for _, _, q, a in part])
            hit = (z.argmax(-1) == y).numpy()
            for i, (kind, _, q, a) in enumerate(part):
                ok = hit[of == i].all()
                for k in [kind] + ["held-out wording"] * ((at + i) % 2): right[k][0] += ok; right[k][1] += 1
                if show and not ok: print(at + i, kind, q, a, "->", vision.TOKENS.decode(z.argmax(-1)[torch.from_numpy(of == i)].tolist()))
    total = sum(right[k][0] for k in pictures.KINDS)
    return f"{total} of {n} ({100 * total / n:.1f} %) " + ", ".join(f"{k} {a}/{b}" for k, (a, b) in right.items())

def work(rank, a, model, text, table, share):
    torch.set_num_threads(1); torch.manual_seed(a.seed * 100 + rank)
    mine = torch.empty_like(share.weights); take(model, mine)
    data, more = Data([a.seed, rank]), Data([a.seed, rank, 1], a.several); steps = 0
    while not share.done():
        batch = data.batch(a.batch)
        with share.lock: mine.copy_(share.weights)
        if a.phase == 1: loss, n = heads_loss(model, batch, table), a.batch
        else:
            loss, n = text_loss(model, text, data.r, batch)
            if a.extra: loss = loss + .6 * heads_loss(model, more.batch(a.extra), table)
        grad = torch.cat([torch.zeros_like(w).reshape(-1) if g is None else g.reshape(-1) for w, g in zip(model.parameters(), torch.autograd.grad(loss, list(model.parameters()), allow_unused=True))])
        share.step(grad, loss.item(), a.batch, n, 0)
        steps += 1
        if rank == 0 and steps % a.every == 0:
            with torch.no_grad():
                if a.phase == 1:
                    right = [[0, 0] for _ in HEADS]; r = np.random.default_rng(99); test = Data(99).batch(256)
                    heads_loss(model, test, right=right)
                    print("  ", ", ".join(f"{k} {100 * x / max(n, 1):.0f} %" for (k, _), (x, n) in zip(HEADS, right)), "made", data.made, flush=True)
                else: print("  ", evaluate(model, text, 200, 7), "made", data.made, flush=True)

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--out", default="ckpt.pt"); ap.add_argument("--init"); ap.add_argument("--table"); ap.add_argument("--phase", type=int, default=1); ap.add_argument("--eval")
    ap.add_argument("--minutes", type=float, default=0); ap.add_argument("--latest", type=float, default=0); ap.add_argument("--steps", type=int, default=0); ap.add_argument("--until", type=int, default=0)
    ap.add_argument("--lr", type=float, default=2e-3); ap.add_argument("--batch", type=int, default=48); ap.add_argument("--warm", type=float, default=.03); ap.add_argument("--wd", type=float, default=.03)
    ap.add_argument("--seed", type=int, default=1); ap.add_argument("--workers", type=int, default=2); ap.add_argument("--extra", type=int, default=16, help="phase 2: pictures of each batch for the heads only"); ap.add_argument("--several", type=float, default=.3, help="phase 2: the share of pictures of several shapes that is added to those for the heads"); ap.add_argument("--every", type=int, default=100); ap.add_argument("--show", action="store_true"); ap.add_argument("--float32", action="store_true")
    a = ap.parse_args()
    torch.manual_seed(a.seed)
    model = Encoder(CFG)
    if a.init or a.eval: model.load_state_dict(torch.load(a.init or a.eval)["model"])
    kind = model.kind = torch.float32 if a.eval or a.float32 else torch.bfloat16
    text = table = None
    if a.table:
        import table as tables
        table = tables.load(a.table)
    if a.phase == 2 or a.eval:
        text = Text().use(kind)
    if a.eval:
        torch.set_num_threads(2)
        print("picture first:", evaluate(model, text, show=a.show)); print("question first:", evaluate(model, text, first=True)); raise SystemExit
    print(json.dumps(CFG), sum(p.numel() for p in model.parameters()), "parameters", flush=True)
    share = Shared(model, a)
    workers = [mp.Process(target=work, args=(i, a, model, text, table, share)) for i in range(a.workers)]
    for w in workers: w.start()
    for w in workers: w.join()
    if any(w.exitcode for w in workers): raise SystemExit("A worker failed.")
    share.save()
    print("done", share.count.tolist(), f"{share.minutes():.1f} min, loss {float(share.loss):.4f}")
