"""Compares our side with llama.cpp: token ids on corpus conversations, and logits of the PyTorch model.

  python3 checks.py                                  token ids of 1,000 conversations; standard library only
  python3 checks.py --logits ckpt.pt starter-f32.gguf  logits at the last position too; needs numpy and torch
"""
import argparse, os, random
import corpus, eval, llama, tokenizer

LOGIT_PROMPTS = [
    "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n",
    "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n" + "Repeat: KDT-0417 blue river " * 12 +
    "<|im_end|>\n<|im_start|>assistant\n"]

def compare_tokens(model, count):
    tok = tokenizer.Tokenizer.load(os.path.join(eval.HERE, "tokenizer.json"))
    r = random.Random(4242)
    bad = 0
    for _ in range(count):
        text = "".join(t for t, _ in corpus.segments(corpus.make(r, r.random() < .5)))
        if tok.encode(text) != model.tokenize(text):
            bad += 1
            print("DIFFERS:", repr(text)[:300])
    print(f"tokenizer: {count - bad} of {count} conversations identical")
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
    eval.add_arguments(parser)
    a = parser.parse_args()
    libraries = eval.library_folder(a.lib)
    same = compare_tokens(llama.Llama(libraries, a.model), a.tokens)
    if a.logits: compare_logits(libraries, *a.logits)
    raise SystemExit(0 if same else 1)
