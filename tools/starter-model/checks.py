"""Compares our side with llama.cpp (token ids on corpus conversations, logits of the PyTorch model), and the corpus with the evaluation.

  python3 checks.py                                  token ids of 1,000 conversations; standard library only
  python3 checks.py --apart 100000                   that so many training conversations ask nothing that the evaluation asks
  python3 checks.py --logits ckpt.pt starter-f32.gguf  logits at the last position too; needs numpy and torch
"""
import argparse, os, random
import corpus, eval, json, lessons, llama, tokenizer, wordings

LOGIT_PROMPTS = [
    "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n",
    "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n" + "Repeat: KDT-0417 blue river " * 12 +
    "<|im_end|>\n<|im_start|>assistant\n"]

def compare_tokens(model, count):
    tok = tokenizer.Tokenizer.load(os.path.join(eval.HERE, "tokenizer.json"))
    r = random.Random(4242)
    bad = 0
    for _ in range(count):
        text = "".join(t for t, _ in corpus.segments(corpus.make(r, True) if r.random() < .3 else wordings.make(r)))
        if tok.encode(text) != model.tokenize(text):
            bad += 1
            print("DIFFERS:", repr(text)[:300])
    print(f"tokenizer: {count - bad} of {count} conversations identical")
    return bad == 0

def compare_sets(count, seeds=(5007, 5008)):
    """Whether a training conversation has a prompt of the evaluation as its beginning, asks its question or has its wording."""
    prompts, keys, frames = set(), lessons.evaluation_keys(), lessons.probe_frames()
    for path in eval.SETS:
        with open(path, encoding="utf-8") as lines: prompts.update(eval.prompt_of(json.loads(line)) for line in lines)
    bad = 0
    for seed in seeds:
        r = random.Random(seed)
        for _ in range(count // len(seeds)):
            d = wordings.make(r)
            starts = {"".join(t for t, _ in corpus.segments(d, i)) for i, turn in enumerate(d["turns"]) if turn[0] == "assistant"}
            if starts & prompts or lessons.asks(d, keys, frames):
                bad += 1
                print("IN THE EVALUATION:", d["turns"])
    print(f"corpus: {bad} of {count} training conversations ask what one of the {len(prompts)} evaluation prompts asks")
    return bad == 0

def compare_logits(libraries, checkpoint, path):
    import numpy as np, torch, train
    saved = torch.load(checkpoint)
    m = train.Model(saved["cfg"])
    m.load_state_dict(saved["model"])
    m.dtype = torch.float32
    m.eval()
    model = llama.Llama(libraries, path, float32_cache=True)
    for text in LOGIT_PROMPTS:
        ids = model.tokenize(text)
        model.clear()
        theirs = np.array(model.feed(ids), np.float32)
        with torch.no_grad():
            ours = m(torch.tensor([ids]), train.mask_of(np.ones((1, len(ids)), np.int32)))[-1].numpy()
        print(f"logits, {len(ids)} tokens: max abs diff {np.abs(theirs - ours).max():.6f}, max abs logit {np.abs(ours).max():.2f}, "
              f"same argmax {theirs.argmax() == ours.argmax()}")

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Compares tokenizer and logits with llama.cpp.")
    parser.add_argument("--tokens", type=int, default=1000, help="number of conversations (default: 1000)")
    parser.add_argument("--logits", nargs=2, metavar=("CHECKPOINT", "GGUF"), help="a checkpoint and its f32 export")
    parser.add_argument("--apart", type=int, metavar="N", help="compare so many training conversations with the evaluation, and nothing else")
    eval.add_arguments(parser)
    a = parser.parse_args()
    if a.apart: raise SystemExit(0 if compare_sets(a.apart) else 1)
    libraries = eval.library_folder(a.lib)
    same = compare_tokens(llama.Llama(libraries, a.model), a.tokens)
    if a.logits: compare_logits(libraries, *a.logits)
    raise SystemExit(0 if same else 1)
