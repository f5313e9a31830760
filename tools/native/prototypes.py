"""Lists the C functions and structs that Orchard.Engine.Native imports, as one llama.cpp release declares them.

    python3 prototypes.py LLAMA_CPP RELEASE > ../../tests/Orchard.Engine.Tests/Native/Data/llama-RELEASE.txt

LLAMA_CPP is the source of that release; RELEASE is its version number, such as 0.5.0. Needs gcc. README.md says where the source is.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

NATIVE = pathlib.Path(__file__).resolve().parents[2] / "src" / "Orchard.Engine" / "Native"
HEADERS = ["llama.h", "ggml.h", "ggml-backend.h", "ggml-cpu.h", "mtmd.h", "mtmd-helper.h"]
STRUCTS = [
    "ggml_init_params",
    "ggml_threadpool_params",
    "llama_batch",
    "llama_context_params",
    "llama_model_kv_override",
    "llama_model_params",
    "llama_model_tensor_buft_override",
    "mtmd_context_params",
    "mtmd_decoder_pos",
    "mtmd_helper_bitmap_wrapper",
    "mtmd_helper_init_opt",
    "mtmd_helper_video_init_params",
    "mtmd_input_part",
]

# The compiler resolves typedefs and measures; only enums and pointers have to be recognized first.
KINDS = """
#define KIND(T) _Generic(*(T *)0, bool: "bool", float: "float", double: "double", \\
    signed char: "int8", unsigned char: "uint8", char: "int8", short: "int16", unsigned short: "uint16", int: "int32", unsigned: "uint32", \\
    long: "int64", unsigned long: "uint64", long long: "int64", unsigned long long: "uint64", default: "other")
"""


def run(*command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def imported_functions():
    source = "".join((NATIVE / name).read_text() for name in ("LlamaApi.cs", "Media/MtmdApi.cs"))
    return sorted(re.findall(r"\bstatic partial [\w*]+ (\w+)\(", source))


def split_declaration(text):
    """Returns the type and the name of a parameter or field."""
    text = " ".join(text.split())
    pointer = re.fullmatch(r"(.+)\(\s*\*\s*(\w+)\s*\)\s*\(.*\)", text)
    if pointer:
        return "void *", pointer[2]
    array = re.fullmatch(r"(.+?)(\w+)\s*\[\s*(.*?)\s*\]", text)
    if array:
        return f"{array[1].strip()}[{array[3]}]", array[2]
    type_name, name = re.fullmatch(r"(.*?)(\w+)", text).groups()
    return type_name.strip(), name


def split_list(text):
    parts, depth, start = [], 0, 0
    for i, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return [part for part in parts + [text[start:]] if part.strip() not in ("", "void")]


def find_function(declarations, name):
    found = re.search(r"([^;{}]*?)\b" + name + r"\s*\(((?:[^()]|\([^()]*\))*)\)\s*;", declarations)
    result = re.sub(r"\bextern\b|__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)", "", found[1])
    return " ".join(result.split()), [split_declaration(part) for part in split_list(found[2])]


def find_fields(declarations, name):
    # Of a union the last field counts, which has its size.
    declarations = re.sub(r"union\s*\{(?:[^{};]*;)*?([^{};]*;)\s*\}\s*;", r"\1", declarations)
    body = re.search(r"(?:struct\s+" + name + r"\s*\{([^{}]*)\})|(?:struct\s*\{([^{}]*)\}\s*" + name + r"\s*;)", declarations)
    fields = []
    for statement in (body[1] or body[2]).split(";"):
        if statement.strip():
            first, *others = split_list(statement)
            type_name, field = split_declaration(first)
            fields.append((type_name, field))
            fields += [(type_name.rstrip("*").strip() + " *" * other.count("*"), other.strip(" *\n")) for other in others]
    return fields


def main(source, release):
    source = pathlib.Path(source)
    include = [f"-I{source / folder}" for folder in ("include", "ggml/include", "tools/mtmd")]
    lines = "".join(f'#include "{header}"\n' for header in HEADERS)
    declarations = run("gcc", "-E", "-P", "-x", "c", *include, "-", text=lines)
    declarations = re.sub(r"__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)", "", declarations)

    typedefs = dict(re.findall(r"typedef\s+([^;{}()]*\*)\s*(\w+)\s*;", declarations))
    pointers = set(typedefs.values()) | set(re.findall(r"typedef[^;{}]*\(\s*\*\s*(\w+)\s*\)\s*\(", declarations))

    def kind(type_name):
        bare = type_name.replace("const", " ").strip()
        if bare == "void":
            return '"void"'
        if "*" in bare or bare in pointers or bare.endswith("]"):
            return '"array"' if bare.endswith("]") else '"pointer"'
        if bare.startswith("enum "):
            return '"enum"'
        struct = bare.removeprefix("struct ").strip()
        if struct in STRUCTS:
            return f'"{struct}"'
        return f"KIND({bare})"

    program = [lines, "#include <stdio.h>\n#include <stddef.h>\n#include <stdbool.h>\n", KINDS, "int main(void) {\n"]
    for name in imported_functions():
        result, parameters = find_function(declarations, name)
        program.append(f'printf("function {name} %s\\n", {kind(result)});\n')
        program += [f'printf("  %s {parameter}\\n", {kind(type_name)});\n' for type_name, parameter in parameters]
    for name in STRUCTS:
        full = f"struct {name}" if re.search(rf"struct\s+{name}\s*\{{", declarations) else name
        program.append(f'printf("struct {name} %zu\\n", sizeof({full}));\n')
        for type_name, field in find_fields(declarations, name):
            place = f"offsetof({full}, {field}), sizeof((({full} *)0)->{field})"
            program.append(f'printf("  %zu %zu %s {field}\\n", {place}, {kind(type_name)});\n')
    program.append("return 0; }\n")

    with tempfile.TemporaryDirectory() as folder:
        executable = pathlib.Path(folder) / "list"
        run("gcc", "-w", "-x", "c", *include, "-o", str(executable), "-", text="".join(program))
        listed = run(str(executable))
    print(f"# llama.cpp {release}: what Orchard.Engine.Native imports of it. Written by tools/native/prototypes.py.")
    print(listed, end="")


if __name__ == "__main__":
    main(*sys.argv[1:])
