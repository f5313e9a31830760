"""Checks that the structs of a llama.cpp release have the same layout on all platforms that the engine supports.

    python3 layouts.py LLAMA_CPP RELEASE

LLAMA_CPP is the source of that release; RELEASE is its version number, such as 0.5.0. Compares the sizes and offsets that prototypes.py has
measured on this machine with those of the other platforms' compilers. Needs clang, which knows all of them; CLANG names another one.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

DATA = pathlib.Path(__file__).resolve().parents[2] / "tests" / "Orchard.Engine.Tests" / "Native" / "Data"
TARGETS = {
    "linux-x64": "x86_64-linux-gnu",
    "linux-arm64": "aarch64-linux-gnu",
    "osx-x64": "x86_64-apple-macos11",
    "osx-arm64": "arm64-apple-macos11",
    "win-x64": "x86_64-pc-windows-msvc",
    "win-arm64": "aarch64-pc-windows-msvc",
}
HEADERS = ["llama.h", "ggml.h", "ggml-backend.h", "ggml-cpu.h"]
TAGGED = ("llama_model_params", "llama_context_params", "llama_model_kv_override", "llama_model_tensor_buft_override", "ggml_threadpool_params")


def assertions(release):
    name = None
    for line in (DATA / f"llama-{release}.txt").read_text().splitlines():
        fields = line.split()
        if line.startswith("struct "):
            name = f"struct {fields[1]}" if fields[1] in TAGGED else fields[1]
            yield f'_Static_assert(sizeof({name}) == {fields[2]}, "{name}");'
        elif line.startswith("function "):
            name = None
        elif name and line.startswith("  "):
            offset, size, field = fields[0], fields[1], fields[-1]
            yield f'_Static_assert(offsetof({name}, {field}) == {offset}, "{name}.{field}");'
            yield f'_Static_assert(sizeof((({name} *)0)->{field}) == {size}, "size of {name}.{field}");'


def main(source, release):
    source = pathlib.Path(source)
    checks = list(assertions(release))
    program = "".join(f'#include "{header}"\n' for header in HEADERS) + "#include <stddef.h>\n" + "\n".join(checks)
    with tempfile.TemporaryDirectory() as folder:
        # The headers of a platform's C library are not needed: llama.cpp's name one type of them.
        (pathlib.Path(folder) / "stdio.h").write_text("typedef struct file FILE;\n")
        for platform, target in TARGETS.items():
            include = [f"-I{source / 'include'}", f"-I{source / 'ggml' / 'include'}", f"-I{folder}"]
            command = [os.environ.get("CLANG", "clang"), f"--target={target}", "-ffreestanding", "-fsyntax-only", "-w", "-x", "c", *include, "-"]
            subprocess.run(command, input=program, text=True, check=True)
            print(f"{platform}: {len(checks)} sizes and offsets are equal")


if __name__ == "__main__":
    main(*sys.argv[1:])
