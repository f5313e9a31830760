"""The mean of two checkpoints of one line of training, which often does better than either. Needs torch.

  python3 mix.py before.pt after.pt 0.85 ckpt.pt     15 % of the first, 85 % of the second
"""
import sys
import torch

if __name__ == "__main__":
    before, after, share = torch.load(sys.argv[1]), torch.load(sys.argv[2]), float(sys.argv[3])
    after["model"] = {k: (1 - share) * before["model"][k] + share * w for k, w in after["model"].items()}
    torch.save(after, sys.argv[4])
