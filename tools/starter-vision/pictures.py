"""Synthetic pictures with questions about them. Deterministic from a seed; needs numpy.

  python3 pictures.py show folder 12         writes a few held-out pictures as PNG files, and prints their questions and answers
  python3 pictures.py pack held-out.zip      writes 500 held-out pictures without noise (which is most of a file) with questions.jsonl

A picture is an RGB array of any size from 40 to 200 pixels on a side, with one shape, several shapes, or one digit. A scene
says what is in it; `questions` asks about it. `prepare` does what libmtmd does to a picture before the encoder sees it.
"""
import functools, json, os, struct, sys, zipfile, zlib
import numpy as np

SIZE = 64                              # pixels on a side, as the encoder sees a picture
PAD = (122, 116, 104)                  # what libmtmd puts beside a picture that is not square
SHAPES = "circle square triangle star cross ring".split()
POSITIONS = "left right top bottom centre".split()
COLOURS = {                            # each colour is a mix of these
    "red": [(1, 0, 0), (.72, .08, .1), (.9, .15, .12)], "blue": [(0, 0, 1), (.1, .28, .8), (.2, .45, .95)],
    "green": [(0, 1, 0), (0, .5, 0), (.15, .65, .25)], "yellow": [(1, 1, 0), (.95, .82, .1), (1, .9, .2)],
    "orange": [(1, .65, 0), (.95, .45, .05), (1, .55, .1)], "purple": [(.5, 0, .5), (.55, .2, .75), (.4, .1, .6)],
    "pink": [(1, .75, .8), (1, .41, .71), (.95, .55, .7)], "black": [(0, 0, 0), (.1, .1, .1), (.04, .04, .05)]}
NAMES = list(COLOURS)

# ------------------------------------------------------------------------------------------------------------ distances
def polygon(x, y, points):
    """Signed distance to a polygon, negative inside."""
    d, inside = None, np.zeros(x.shape, bool)
    for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1]):
        ex, ey, px, py = bx - ax, by - ay, x - ax, y - ay
        t = np.clip((px * ex + py * ey) / (ex * ex + ey * ey), 0, 1)
        q = (px - ex * t) ** 2 + (py - ey * t) ** 2
        d = q if d is None else np.minimum(d, q)
        if ey: inside ^= ((ay > y) != (by > y)) & (px < ex * py / ey)
    d = np.sqrt(d)
    return np.where(inside, -d, d)

def box(x, y, w, h):
    x, y = np.abs(x) - w, np.abs(y) - h
    return np.hypot(np.maximum(x, 0), np.maximum(y, 0)) + np.minimum(np.maximum(x, y), 0)

def around(n, radii, turn):
    return [(r * np.sin(a), -r * np.cos(a)) for r, a in ((radii[i % len(radii)], turn + 2 * np.pi * i / n) for i in range(n))]

def distance(shape, x, y, variant):
    """Signed distance to a shape of radius 1; variant in 0..1 changes its proportions."""
    if shape == "circle": return np.hypot(x, y) - 1
    if shape == "square": return box(x, y, .86, .86)
    if shape == "triangle": return polygon(x, y + .12, around(3, [1.08], 0))
    if shape == "star": return polygon(x, y, around(10, [1.1, .42 + .1 * variant], 0))
    if shape == "cross": return np.minimum(box(x, y, 1, .24 + .12 * variant), box(x, y, .24 + .12 * variant, 1))
    width = .16 + .1 * variant
    return np.abs(np.hypot(x, y) - (1 - width)) - width

# --------------------------------------------------------------------------------------------------------------- digits
def arc(cx, cy, rx, ry, start, end, n=10):
    """Points on an ellipse; angles in degrees, 0 is right, 90 is down."""
    return [(cx + rx * np.cos(a), cy + ry * np.sin(a)) for a in np.radians(np.linspace(start, end, n))]

def strokes(digit, r):
    """Lines of a digit in a box of -.5 to .5 by -1 to 1; r decides between the ways to write it."""
    v = r.random()
    if v < .25:                        # seven segments
        w = .45
        on = {0: "abcdef", 1: "bc", 2: "abged", 3: "abgcd", 4: "fgbc", 5: "afgcd", 6: "afgedc", 7: "abc", 8: "abcdefg", 9: "abcdfg"}[digit]
        at = {"a": [(-w, -.9), (w, -.9)], "b": [(w, -.9), (w, 0)], "c": [(w, 0), (w, .9)], "d": [(-w, .9), (w, .9)], "e": [(-w, 0), (-w, .9)], "f": [(-w, -.9), (-w, 0)], "g": [(-w, 0), (w, 0)]}
        return [at[s] for s in on]
    k = r.random() < .5
    if digit == 0: return [arc(0, 0, .5, .92, 0, 360, 20)]
    if digit == 1: return [[(-.3, -.55), (.05, -.92), (.05, .92)]] + ([[(-.3, .92), (.4, .92)]] if k else [])
    if digit == 2: return [arc(0, -.45, .47, .47, 190, 380, 12) + ([(-.5, .92), (.52, .92)] if k else [(.2, .25), (-.5, .92), (.52, .92)])]
    if digit == 3: return [([(-.45, -.92), (.45, -.92), (0, -.15)] if v < .45 else arc(-.03, -.47, .43, .45, 200, 450, 12)) + arc(-.03, .42, .5, .5, -90, 155, 12)]
    if digit == 4: return [[(.22, .92), (.22, -.92), (-.52, .35), (.55, .35)]] if k else [[(-.4, -.92), (-.46, .1), (.5, .1)], [(.3, -.5 if v < .6 else -.92), (.3, .92)]]
    if digit == 5: return [[(.45, -.92), (-.38, -.92), (-.42, -.12)] + arc(-.02, .35, .5, .55, -125, 150, 12)]
    if digit == 6: return [([(.3, -.92), (-.15, -.45), (-.45, .3)] if k else arc(.15, .1, .62, 1.0, 285, 180, 8)) + arc(0, .4, .47, .52, 180, -180, 18)]
    if digit == 7: return [[(-.5, -.92), (.5, -.92), (-.12, .92)]] + ([[(-.25, 0), (.4, 0)]] if v < .5 else [])
    if digit == 8: return [arc(0, -.47, .4, .43, 0, 360, 18), arc(0, .43, .49, .49, 0, 360, 18)]
    return [arc(0, -.4, .47, .52, 0, 360, 18) + ([(.47, -.4), (.3, .92)] if k else arc(-.15, -.1, .62, 1.0, 0, 105, 8))]

def line_distance(x, y, lines):
    d = np.full(x.shape, 1e9)
    for line in lines:
        for (ax, ay), (bx, by) in zip(line, line[1:]):
            ex, ey, px, py = bx - ax, by - ay, x - ax, y - ay
            t = np.clip((px * ex + py * ey) / max(ex * ex + ey * ey, 1e-9), 0, 1)
            np.minimum(d, (px - ex * t) ** 2 + (py - ey * t) ** 2, out=d)
    return np.sqrt(d)

# --------------------------------------------------------------------------------------------------------------- scenes
def colour(r, name):
    w = r.dirichlet([.7] * 3)
    return np.clip(w @ np.array(COLOURS[name], float) + r.normal(0, .012, 3), 0, 1)

def background(r, colours):
    """A grey, white or softly tinted ground from which each of the colours stands out."""
    while True:
        v = r.random()
        level = r.uniform(.88, 1) if v < .5 else r.uniform(.4, .75) if v < .68 else r.uniform(0, .22)
        if v < .1: level = 1.0
        tint = r.normal(0, .03 if v < .6 else .015, 3) if v >= .1 else 0
        ground = np.clip(level + tint, 0, 1)
        if all(np.abs(ground - c).max() > .38 for c in colours): return ground

def place(r, where, w, h, radius):
    """The centre of something of this radius, so that it lies `where` in a picture of w by h and inside of it."""
    s = min(w, h)
    x, y = w / 2 + r.uniform(-.07, .07) * s, h / 2 + r.uniform(-.07, .07) * s
    edge = lambda length: radius + r.uniform(.02, max(.021, min(.12, .36 - radius / s))) * s if length else 0
    if where == "left": x = edge(w)
    if where == "right": x = w - edge(w)
    if where == "top": y = edge(h)
    if where == "bottom": y = h - edge(h)
    return x, y

def scene(r, kind=None):
    """What is in a picture: its kind (shape, several, digit), size, things (name, colour, x, y, radius) and where they are."""
    kind = kind or ("shape", "several", "digit")[r.choice(3, p=[.32, .42, .26])]
    w, h = r.uniform(40, 200, 2)
    if r.random() < .4: h = w
    most = 1.3 if kind == "several" else 1.6
    if max(w, h) > most * min(w, h): w, h = (w, w / most) if w > h else (h / most, h)
    w, h = max(40, int(w)), max(40, int(h)); s = min(w, h)
    where = POSITIONS[r.integers(5)]
    centre = where == "centre"
    if kind == "shape":
        radius = r.uniform(.19, .4 if centre else .27) * s
        things = [(SHAPES[r.integers(6)], NAMES[r.integers(8)], *place(r, where, w, h, radius), radius)]
    elif kind == "digit":
        radius = r.uniform(.28, .44) * s
        things = [(str(r.integers(10)), NAMES[r.integers(8)], *place(r, None, w, h, radius), radius)]
    else:
        n = int(r.integers(1, 7)); same_shape, same_colour = r.random(2) < .45
        a, b, things = SHAPES[r.integers(6)], NAMES[r.integers(8)], []
        low, top = (.11, .2) if n < 4 else (.09, .15)
        while len(things) < n:
            radius = r.uniform(low, top) * s
            for _ in range(40):
                x, y = r.uniform(radius + 1, w - radius - 1), r.uniform(radius + 1, h - radius - 1)
                if all(np.hypot(x - t[2], y - t[3]) > 1.2 * (radius + t[4]) + .05 * s for t in things):
                    things.append((a if same_shape else SHAPES[r.integers(6)], b if same_colour else NAMES[r.integers(8)], x, y, radius)); break
            else: top, things = max(low, top * .9), []
    return {"kind": kind, "size": (w, h), "things": things, "where": where if kind == "shape" else None}

def draw(r, s, noise=True):
    """The picture of a scene, uint8, rows by columns by RGB."""
    w, h = s["size"]
    colours = [colour(r, t[1]) for t in s["things"]]
    ground = background(r, colours)
    a = np.empty((h, w, 3)); a[:] = ground
    if r.random() < .3:                # a soft gradient
        dx, dy = r.uniform(-.08, .08, 2)
        a += (dx * (np.arange(w) / w - .5)[None, :] + dy * (np.arange(h) / h - .5)[:, None])[..., None]
    for (name, _, cx, cy, radius), c in zip(s["things"], colours):
        reach = radius * 1.25 + 2
        x0, x1, y0, y1 = max(0, int(cx - reach)), min(w, int(cx + reach) + 2), max(0, int(cy - reach)), min(h, int(cy + reach) + 2)
        x, y = np.meshgrid((np.arange(x0, x1) + .5 - cx) / radius, (np.arange(y0, y1) + .5 - cy) / radius)
        turn = np.radians(r.uniform(-15, 15) if name in ("square", "cross") else r.uniform(-8, 8) if name.isdigit() else r.uniform(-25, 25) if name == "triangle" else r.uniform(-180, 180))
        if r.random() < .35: turn = 0
        x, y = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
        if name.isdigit():
            wide, slant, pen = r.uniform(.85, 1.2), r.uniform(-.12, .18), r.uniform(.1, .2)
            d = line_distance((x / .88 + slant * y) / wide, y / .88, strokes(int(name), r)) * .88 - pen
        else: d = distance(name, x, y, r.random())
        cover = np.clip(.5 - d * radius, 0, 1)[..., None]
        a[y0:y1, x0:x1] += cover * (c - a[y0:y1, x0:x1])
    if noise and r.random() < .4: a += r.normal(0, r.uniform(.005, .03), a.shape)
    return (np.clip(a, 0, 1) * 255 + .5).astype(np.uint8)

# ------------------------------------------------------------------------------------------------------------ questions
# The last three wordings of each are held out: training never sees them.
SINGLE = {
    "shape": ["What shape is this?", "Which shape is this?", "What shape do you see?", "What shape is in the picture?", "Which shape is in the image?", "Name the shape.", "What is the shape?",
              "Tell me the shape.", "What shape is shown here?", "Which shape can you see in this picture?", "Say which shape this is.", "What shape does the picture show?", "Can you tell me the shape?", "Can you say which shape this is?", "Please name the shape.", "What is the shape in this image?", "Name the shape in the picture.", "Do you know this shape?",
              "Tell me the shape in this image.", "What kind of shape is this?",
              "What shape is it?", "Which shape do you see in the picture?", "Can you name the shape in this image?"],
    "colour": ["What colour is it?", "What color is it?", "What colour is this?", "Which color is this?", "What colour is the {x}?", "What color is the {x}?", "Which colour does it have?", "What is the colour of the {x}?",
               "What is the color of the {x}?", "Name the colour.", "Tell me the colour of the {x}.", "Which colour is the {x} in the picture?", "What colour do you see?", "Can you name the colour?", "Can you tell me the color of the {x}?", "Please tell me the colour of the {x}.", "What color does the {x} have?",
               "Name the color of the {x}.", "Which colour is it?", "What colour is the {x} in this image?"],
    "position": ["Where is it?", "Where is the {x}?", "Where in the picture is the {x}?", "What is the position of the {x}?", "Where do you see the {x}?", "Which part of the picture is the {x} in?", "On which side is the {x}?",
                 "Where is the {x} in the image?", "Tell me where the {x} is.", "In which part of the image is it?", "Say where it is in the picture.", "At which position is the {x}?", "Can you say where it is?", "Please tell me where the {x} is.", "Can you see where the {x} is in this image?", "Whereabouts is the {x}?",
                 "Where is the {x} in this picture?", "Where in the image do you see it?", "Can you tell me where the {x} is?"],
    "count": ["How many shapes are there?", "How many shapes do you see?", "Count the shapes.", "How many objects are in the picture?", "How many things are there?", "What is the number of shapes?", "How many are there?",
              "How many shapes are in the image?", "Tell me how many shapes there are.", "How many objects can you see?", "Count the objects in the picture.", "How many things does the picture show?", "Can you tell me how many there are?", "Please count the objects.", "Can you count the things in this image?", "Say how many shapes you see.",
              "How many shapes are in this picture?", "How many objects are there?", "Can you count the shapes in the image?"],
    "digit": ["Which digit is this?", "What digit is this?", "What number is this?", "Which number do you see?", "What digit do you see?", "Read the digit.", "What digit is in the picture?", "Which digit is in the image?",
              "What number is shown here?", "Name the digit.", "Tell me the number in the picture.", "What does the picture say?", "Can you tell me the digit?", "Please read the number.", "Can you say which digit is in this image?", "Say which digit this is.",
              "Which digit do you see?", "What number is in the picture?", "Can you read the digit in this image?"]}
HELD_OUT = 3
ONE = {"several": ["shape", "thing", "object"], "shape": ["shape", "thing", "object"], "digit": ["digit", "number"]}
ANSWERS = {"colour": "It is {}.", "digit": "It is a {}.", "position": {"left": "It is on the left.", "right": "It is on the right.", "top": "It is at the top.", "bottom": "It is at the bottom.", "centre": "It is in the centre."}}

def answer(kind, value):
    if kind == "position": return ANSWERS[kind][value]
    if kind == "count": return "There is 1." if value == 1 else f"There are {value}."
    return ("It is a {}." if kind in ("shape", "digit") else "It is {}.").format(value)

def truths(s):
    """What can be asked about a scene: kind and value."""
    name, hue = s["things"][0][:2]
    if s["kind"] == "digit": return {"digit": name, "colour": hue}
    if s["kind"] == "shape": return {"shape": name, "colour": hue, "position": s["where"], "count": 1}
    return {"count": len(s["things"])}

def ask(r, s, kind, held_out=False):
    """A question of this kind about the scene, and its answer."""
    t = SINGLE[kind]; t = t[-HELD_OUT:] if held_out else t[:-HELD_OUT]
    own = s["things"][0][0]
    names = ONE[s["kind"]] + ([own] if kind != "shape" and not own.isdigit() else [])
    return t[r.integers(len(t))].format(x=names[r.integers(len(names))]), answer(kind, truths(s)[kind])

# ---------------------------------------------------------------------------------------------- what libmtmd does to it
@functools.lru_cache(4096)
def weights(n, m):
    """Bicubic weights (a = -0.5, widened when shrinking) from n to m pixels, in steps of 2^-22, as libmtmd rounds them."""
    scale = n / m; wide = max(scale, 1.0); support = 2 * wide
    a = np.zeros((m, n))
    for i in range(m):
        c = (i + .5) * scale
        lo, hi = max(0, int(c - support + .5)), min(n, int(c + support + .5))
        x = np.abs((np.arange(lo, hi) - c + .5) / wide)
        k = np.where(x < 1, (1.5 * x - 2.5) * x * x + 1, np.where(x < 2, (((x - 5) * x + 8) * x - 4) * -.5, 0))
        a[i, lo:hi] = k / k.sum()
    return np.trunc(a * 2 ** 22 + np.where(a < 0, -.5, .5))

def resize(a, w, h):
    """Width first, then height, rounded to bytes after each."""
    for axis, m in ((1, w), (0, h)):
        if a.shape[axis] == m: continue
        t = np.tensordot(weights(a.shape[axis], m), a.astype(np.float64), (1, axis))
        a = np.clip(np.floor((np.moveaxis(t, 0, axis) + 2 ** 21) / 2 ** 22), 0, 255).astype(np.uint8)
    return a

def prepare(a):
    """The picture as the encoder sees it, SIZE by SIZE by RGB, bytes: the longer side fits, the rest is padding."""
    h, w = a.shape[:2]
    if h == w == SIZE: return a
    scale = min(np.float32(SIZE) / np.float32(w), np.float32(SIZE) / np.float32(h))
    nw, nh = (min(SIZE, int(np.ceil(np.float32(n) * scale))) for n in (w, h))
    out = np.empty((SIZE, SIZE, 3), np.uint8); out[:] = PAD
    x, y = (SIZE - nw) // 2, (SIZE - nh) // 2
    out[y:y + nh, x:x + nw] = resize(a, nw, nh)
    return out

def png(a):
    h, w = a.shape[:2]
    part = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    plain = np.zeros((h, 1 + 3 * w), np.uint8); plain[:, 1:] = a.reshape(h, -1)
    up = plain.copy(); up[1:, 1:] -= plain[:-1, 1:]; up[:, 0] = 2                     # filter 2: each row as its difference to the one above
    data = min((zlib.compress(rows.tobytes(), 9) for rows in (plain, up)), key=len)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 0)) + part(b"IDAT", data) + part(b"IEND", b"")

# ------------------------------------------------------------------------------------------------------------- held out
KINDS = ["shape", "colour", "count", "digit", "position"]
def held_out(n=500, seed=20261130, noise=True):
    """Pictures that training does not see, each with one question: (kind, picture, question, answer). Every other question has a held-out wording."""
    r = np.random.default_rng([seed, 1])
    for i in range(n):
        kind = KINDS[i % 5]
        s = scene(r, {"shape": "shape", "position": "shape", "count": "several", "digit": "digit"}.get(kind) or ("shape", "digit")[r.integers(2)])
        a = draw(r, s, noise)
        yield kind, a, *ask(r, s, kind, held_out=i % 2 == 1)

def pack(path):
    with zipfile.ZipFile(path, "w") as z:
        add = lambda name, data, how: z.writestr(zipfile.ZipInfo(name), data, how)
        lines = []
        for i, (kind, a, q, correct) in enumerate(held_out(seed=20261201, noise=False)):
            add(f"{i:03}.png", png(a), zipfile.ZIP_STORED)
            lines.append(json.dumps({"file": f"{i:03}.png", "kind": kind, "question": q, "answer": correct}) + "\n")
        add("questions.jsonl", "".join(lines), zipfile.ZIP_DEFLATED)

def show(folder, n=12):
    os.makedirs(folder, exist_ok=True)
    for i, (kind, a, q, correct) in enumerate(held_out(int(n))):
        with open(os.path.join(folder, f"{i:03}.png"), "wb") as f: f.write(png(a))
        print(f"{i:03}.png {a.shape[1]}x{a.shape[0]} {kind}: {q} {correct}")

if __name__ == "__main__": {"pack": pack, "show": show}[sys.argv[1]](*sys.argv[2:])
