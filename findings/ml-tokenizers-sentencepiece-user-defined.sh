#!/usr/bin/env bash
# Microsoft.ML.Tokenizers 2.0.1, SentencePiece models of type BPE: pieces of the type "user defined" are not recognized in a text (they are
# split into letters). In models of both types they vanish when tokens are decoded, if their ids are lower than those of the bytes. In
# SentencePiece they are always one token, and decode to their text. Models of the Gemma family have their line breaks, runs of spaces and
# HTML tags as such pieces, before the bytes.
# Guess before the run: one token, and the text when decoded.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package Microsoft.ML.Tokenizers@2.0.1
#:property PublishAot=false
using System.Text;
using Microsoft.ML.Tokenizers;

(string, float, ulong)[] control = [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3)];
(string, float, ulong)[] userDefined = [("<b>", 0, 4), ("\n\n", 0, 4)];
(string, float, ulong)[] bytes = [.. Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 0f, 6ul))];
(string, float, ulong)[] normal = [("▁", -1, 1), ("a", -2, 1), ("▁a", -3, 1), ("<", -4, 1), ("b", -5, 1), (">", -6, 1)];
(ulong Type, string Name, bool Before, string Text, string Seen, string SeenDecoded)[] cases =
[
    (2, "BPE", true, "a<b>", "▁a < b >", "a<b>"),
    (2, "BPE", true, "a\n\na", "▁a \\n\\n a", "aa"),
    (2, "BPE", false, "a\n\na", "▁a \\n\\n a", "a\\n\\na"),
    (1, "Unigram", true, "a<b>", "▁a <b>", "a"),
    (1, "Unigram", false, "a<b>", "▁a <b>", "a<b>"),
];
bool changed = false;
foreach (var (type, name, before, text, seen, seenDecoded) in cases)
{
    (string, float, ulong)[] pieces = before ? [.. control, .. userDefined, .. bytes, .. normal] : [.. control, .. bytes, .. userDefined, .. normal];
    var tokenizer = SentencePieceTokenizer.Create(new MemoryStream(ModelFile(type, false, pieces)), false, false);
    string tokens = Visible(string.Join(' ', tokenizer.EncodeToTokens(text, out _).Select(token => token.Value)));
    string decoded = Visible(tokenizer.Decode(tokenizer.EncodeToIds(text)));
    Console.WriteLine($"{name}, {(before ? "before" : "after")} the bytes, '{Visible(text)}': {tokens}, decoded '{decoded}'");
    changed |= tokens != seen || decoded != seenDecoded;
}

return changed ? 1 : 0;

static string Visible(string text) => text.Replace("\n", "\\n");

// A model file of SentencePiece, with the members that matter here.
static byte[] ModelFile(ulong type, bool removesExtraSpaces, params (string Text, float Score, ulong Type)[] pieces) =>
[
    .. pieces.SelectMany(piece => Member(1, [.. Member(1, Encoding.UTF8.GetBytes(piece.Text)), .. Float(2, piece.Score), .. Number(3, piece.Type)])),
    .. Member(2, [.. Number(3, type), .. Number(35, 1), .. Number(40, 0), .. Number(41, 1), .. Number(42, 2)]),
    .. Member(3, [.. Member(1, "identity"u8.ToArray()), .. Number(3, 1), .. Number(4, removesExtraSpaces ? 1u : 0u), .. Number(5, 1)]),
];

static byte[] Member(ulong number, byte[] content) => [.. Varint((number << 3) | 2), .. Varint((ulong)content.Length), .. content];
static byte[] Number(ulong number, ulong value) => [.. Varint(number << 3), .. Varint(value)];
static byte[] Float(ulong number, float value) => [.. Varint((number << 3) | 5), .. BitConverter.GetBytes(value)];

static byte[] Varint(ulong value)
{
    var bytes = new List<byte>();
    for (; value > 127; value >>= 7)
    {
        bytes.Add((byte)(value | 128));
    }

    bytes.Add((byte)value);
    return [.. bytes];
}
CS
dotnet run app.cs
