"""Measures the starter model: greedy decoding through llama.cpp, on the held-out items and on those written by hand.

  python3 eval.py                          all sets, one table each
  python3 eval.py --reach                  how far back it remembers a fact
  python3 eval.py eval.jsonl --show        one set, with every miss
  python3 eval.py --ask "What is 3 + 4?"   no set, only these questions

Standard library only. The llama.cpp libraries are those that building src/Orchard.Engine restores; --lib or the variable
ORCHARD_LLAMA_LIB names another folder.
"""
import argparse, collections, json, os, random, re, sys, time
import corpus, lessons, llama

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
MODEL = os.path.join(ROOT, "src", "Orchard.StarterModel", "models", "starter.gguf")
LIBRARIES = [os.path.join(ROOT, "artifacts", "bin", "Orchard.Engine", c, "native") for c in ("debug", "release")]
SETS = [os.path.join(HERE, name) for name in lessons.SETS]

def add_arguments(parser):
    """The options that every script has that runs the model."""
    parser.add_argument("--model", default=MODEL, help="the GGUF file (default: the one that ships)")
    parser.add_argument("--lib", default=os.environ.get("ORCHARD_LLAMA_LIB"), help="folder with the llama.cpp v0.5.0 libraries")

def library_folder(chosen):
    for folder in [chosen] if chosen else LIBRARIES:
        if llama.find(folder, "llama") and llama.find(folder, "ggml"): return os.path.abspath(folder)
    if chosen: sys.exit(f"No libllama and libggml in {chosen} (from --lib or ORCHARD_LLAMA_LIB).")
    sys.exit("The llama.cpp libraries are missing. Run `dotnet build src/Orchard.Engine` first, or name their folder with --lib.")

def prompt_of(item):
    doc = {"system": "", "tools": item.get("tools"), "think": item.get("enable_thinking"), "compact": item.get("compact"), "turns": []}
    for m in item["messages"]:
        if m["role"] == "system": doc["system"] = m["content"]
        else: doc["turns"].append([m["role"], m["content"], None])
    return "".join(text for text, _ in corpus.segments(doc, len(doc["turns"])))

def calls_of(out):
    """The calls of an answer in their order; None stands for one that is not JSON."""
    def parsed(text):
        try: return json.loads(text)
        except ValueError: return None
    return [parsed(m) for m in re.findall(r"<tool_call>\s*(.*?)\s*</tool_call>", out, re.S)]

def check(rule, out):
    kind, value = rule["type"], rule["value"]
    if kind == "equals": return out.strip() == value.strip()
    if kind == "contains": return value in out
    if kind == "contains_all": return all(x in out for x in value)
    if kind == "regex": return re.search(value, out.strip()) is not None
    if kind == "json":
        try: return json.loads(out) == value
        except ValueError: return False
    if kind == "tool": return calls_of(out) == [value]
    if kind == "tools": return calls_of(out) == value
    if kind == "think":
        m = re.match(r"<think>\n.+?\n</think>\n\n(.*)$", out, re.S)
        return bool(m) and "<think>" not in m.group(1) and check(value, m.group(1))
    raise ValueError(f"Unknown kind of check: {kind}")

def evaluate(model, path, show):
    right, total, tokens, start = collections.Counter(), collections.Counter(), 0, time.monotonic()
    with open(path, encoding="utf-8") as lines:
        for item in map(json.loads, lines):
            out, n = model.generate(prompt_of(item))
            good = check(item["check"], out)
            tokens += n; total[item["family"]] += 1; right[item["family"]] += good
            if show and not good:
                print(f"[{item['family']}] {item['messages'][-1]['content'][:120]!r}\n   got  {out[:200]!r}\n   want {item['expected'][:200]!r}")
    row = lambda name, a, b: print(f"| {name} | {a} | {b} | {100 * a / b:.1f} |")
    print(f"\n{os.path.basename(path)}:\n\n| family | correct | of | % |\n|---|---|---|---|")
    for family in sorted(total): row(family, right[family], total[family])
    row("**all**", sum(right.values()), sum(total.values()))
    print(f"\n{tokens} tokens generated in {time.monotonic() - start:.1f} s (one thread, prompts included)")

def reach(model, each=40, seed=77):
    """A fact in the first turn, other turns after it, then the question: right answers by the length of the prompt."""
    r = random.Random(seed)
    print("\n| prompt, tokens | right | of |\n|---|---|---|")
    for low, high in ((1, 256), (256, 512), (512, 1024), (1024, 1536), (1536, 2000)):
        right = n = 0
        while n < each:
            d = lessons.d_memory(r, False, r.randint(max(0, low // 40), high // 20))
            last = max(i for i, t in enumerate(d["turns"]) if t[2])
            prompt = "".join(text for text, _ in corpus.segments(d, last))
            if d["system"] or not low < len(model.tokenize(prompt)) <= high: continue
            n += 1; right += check(d["turns"][last][2], model.generate(prompt, 48)[0])
        print(f"| {low} to {high} | {right} | {n} |")

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measures the starter model through llama.cpp.")
    parser.add_argument("sets", nargs="*", help="files of items (default: all)")
    parser.add_argument("--show", action="store_true", help="print every miss")
    parser.add_argument("--reach", action="store_true", help="measure how far back it remembers a fact, instead of running a set")
    parser.add_argument("--ask", nargs="+", metavar="QUESTION", help="answer these instead of running a set")
    add_arguments(parser)
    a = parser.parse_args()
    model = llama.Llama(library_folder(a.lib), a.model)
    for question in a.ask or []:
        print(model.generate(prompt_of({"messages": [{"role": "user", "content": question}]}))[0])
    if a.reach: reach(model)
    for path in a.sets or ([] if a.ask or a.reach else SETS): evaluate(model, path, a.show)
