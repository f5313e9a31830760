"""Adds the recommended sampling values to a starter model that was exported without them. Needs Python 3 and no packages.

  python3 recommend.py in.gguf out.gguf

The weights are copied unchanged. export.py writes the same keys at the same place.
"""
import struct, sys

SAMPLING = [("general.sampling.temp", 0.0)]     # greedy decoding, the only kind that was measured
BEFORE = "llama.context_length"                 # where the keys go

SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
F32, STR, ARR, ALIGNMENT = 6, 8, 9, 32

def text(b, at):
    n, = struct.unpack_from("<Q", b, at)
    return b[at + 8:at + 8 + n].decode("utf-8"), at + 8 + n

def skip(b, at, kind):
    if kind == STR: return text(b, at)[1]
    if kind != ARR: return at + SIZES[kind]
    kind, n = struct.unpack_from("<IQ", b, at)
    at += 12
    if kind != STR: return at + n * SIZES[kind]
    for _ in range(n): at = text(b, at)[1]
    return at

def pad(b): return b + b"\0" * (-len(b) % ALIGNMENT)

def main(source, target):
    b = open(source, "rb").read()
    version, tensors, count = struct.unpack_from("<IQQ", b, 4)
    assert b[:4] == b"GGUF" and version == 3
    at, pairs = 24, []
    for _ in range(count):
        start = at
        key, at = text(b, at)
        at = skip(b, at + 4, struct.unpack_from("<I", b, at)[0])
        pairs.append((key, b[start:at]))
    infos = at
    for _ in range(tensors):
        at = text(b, at)[1]
        dims, = struct.unpack_from("<I", b, at)
        at += 4 + 8 * dims + 12
    pairs = [p for p in pairs if not p[0].startswith("general.sampling.")]
    new = [(k, struct.pack("<Q", len(k)) + k.encode() + struct.pack("<If", F32, v)) for k, v in SAMPLING]
    where = [k for k, _ in pairs].index(BEFORE)
    pairs[where:where] = new
    head = b"GGUF" + struct.pack("<IQQ", version, tensors, len(pairs)) + b"".join(p for _, p in pairs) + b[infos:at]
    with open(target, "wb") as f: f.write(pad(head) + b[len(pad(b[:at])):])

if __name__ == "__main__": main(*sys.argv[1:])
