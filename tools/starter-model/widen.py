"""Gives the feed-forward layers of a checkpoint more units, without changing what it computes. Needs torch.

  python3 widen.py before.pt 768 after.pt

A new unit starts with random weights in and none out, so it adds nothing until training finds a use for it.
"""
import math, sys
import torch

def widen(saved, units, seed=8):
    torch.manual_seed(seed)
    model, cfg = saved["model"], saved["cfg"]
    new, d = units - cfg["ff"], cfg["d"]
    for i in range(cfg["layers"]):
        gate, up = model[f"gu.{i}"].chunk(2)
        rows = lambda: torch.randn(new, d) / math.sqrt(d)
        model[f"gu.{i}"] = torch.cat([gate, rows(), up, rows()])
        model[f"dn.{i}"] = torch.cat([model[f"dn.{i}"], torch.zeros(d, new)], 1)
    cfg["ff"] = units
    return saved

if __name__ == "__main__":
    torch.save(widen(torch.load(sys.argv[1]), int(sys.argv[2])), sys.argv[3])
