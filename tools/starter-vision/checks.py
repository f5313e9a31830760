"""Runs the shipped files through libmtmd, and compares them with PyTorch. Needs numpy (and torch for --logits).

  python3 checks.py --lib FOLDER                              500 held-out questions through libmtmd and llama.cpp, by kind
  python3 checks.py --lib FOLDER --zip held-out.zip           the same with the pictures of the end-to-end test
  python3 checks.py --lib FOLDER --logits ckpt.pt             logits of float32 exports of the same weights against PyTorch

FOLDER contains libmtmd.so and the libraries of llama.cpp.
"""
import argparse, json, os, tempfile, zipfile
import numpy as np
import mtmd, pictures

HERE = os.path.dirname(os.path.abspath(__file__))
STARTER = os.path.join(HERE, "..", "..", "src", "Orchard.StarterModel", "models", "starter.gguf")
MMPROJ = os.path.join(HERE, "..", "..", "src", "Orchard.StarterVision", "models", "mmproj-starter-vision.gguf")
USER, END = "<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n"

def questions(a):
    if not a.zip: return [(kind, pictures.png(p), q, correct) for kind, p, q, correct in pictures.held_out(a.count, a.seed)]
    with zipfile.ZipFile(a.zip) as z: return [(j["kind"], z.read(j["file"]), j["question"], j["answer"]) for j in map(json.loads, z.read("questions.jsonl").splitlines())][:a.count]

def accuracy(a):
    seer = mtmd.Seer(a.lib, a.model, a.mmproj)
    for order in "picture first", "question first":
        right = {k: [0, 0] for k in pictures.KINDS + ["trained wording", "held-out wording"]}
        for i, (kind, file, q, correct) in enumerate(questions(a)):
            said = seer.answer(USER, file, q + END) if order == "picture first" else seer.answer(USER + q, file, END)
            for k in kind, ("trained wording", "held-out wording")[i % 2]: right[k][0] += said == correct; right[k][1] += 1
            if a.show and said != correct: print(f"{i} {kind}: {q} {correct!r}, but: {said!r}")
        n = sum(right[k][0] for k in pictures.KINDS)
        print(f"{order}: {n} of {a.count} ({100 * n / a.count:.1f} %)", ", ".join(f"{k} {x}/{y}" for k, (x, y) in right.items()), flush=True)

def logits(a):
    import torch, learn, vision
    import export, mmproj
    saved = torch.load(a.logits)
    model, text = vision.Encoder(vision.CFG), vision.Text()
    model.load_state_dict(saved["model"])
    with tempfile.TemporaryDirectory() as folder:
        one, two = os.path.join(folder, "text.gguf"), os.path.join(folder, "mmproj.gguf")
        export.export({k: v.detach().numpy() for k, v in text.state_dict().items()}, text.c, vision.TOKENS, one, "f32")
        mmproj.write({k: v.float().numpy() for k, v in saved["model"].items()}, saved["cfg"], two, "f32")
        seer = mtmd.Seer(a.lib, one, two, exact=True)
        worst = 0
        for kind, picture, q, correct in pictures.held_out(20, 3):
            theirs, n = seer.see(USER, pictures.png(picture), q + END)
            with torch.no_grad():
                e = model.project(model.features(torch.from_numpy(pictures.prepare(picture)[None]))[0])
                z, _, _ = vision.answer_logits(text, e, [vision.row(vision.ids(USER), [(q, correct)])])
            ours = z[0].numpy()
            worst = max(worst, np.abs(ours - np.array(theirs, np.float32)).max())
            assert n == len(vision.ids(USER)) + vision.PATCHES + len(vision.ids(q + END))
        print(f"logits after the prompt, 20 pictures: max abs diff {worst:.5f}, max abs logit {np.abs(ours).max():.2f}")

if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--lib", required=True); ap.add_argument("--model", default=STARTER); ap.add_argument("--mmproj", default=MMPROJ)
    ap.add_argument("--count", type=int, default=500); ap.add_argument("--seed", type=int, default=20261130); ap.add_argument("--show", action="store_true"); ap.add_argument("--zip"); ap.add_argument("--logits")
    a = ap.parse_args()
    logits(a) if a.logits else accuracy(a)
