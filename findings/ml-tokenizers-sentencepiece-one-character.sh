#!/usr/bin/env bash
# Microsoft.ML.Tokenizers 2.0.1, SentencePiece models of type BPE: if the model file says that extra white space is removed
# (`remove_extra_whitespaces`, the default when a model is trained), a text of one character has no tokens at all, with or without spaces
# around it. Its count is 0 and it is missing in the prompt. In SentencePiece it is one or two tokens like any other word.
# Guess before the run: "▁a".
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package Microsoft.ML.Tokenizers@2.0.1
#:property PublishAot=false
using System.Text;
using Microsoft.ML.Tokenizers;

(string, float, ulong)[] pieces =
    [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("▁", -1, 1), ("a", -2, 1), ("b", -3, 1), ("▁a", -4, 1), ("7", -5, 1)];
bool changed = false;
foreach (bool removes in new[] { true, false })
{
    var tokenizer = SentencePieceTokenizer.Create(new MemoryStream(ModelFile(2, removes, pieces)), false, false);
    foreach (string text in new[] { "a", " a", "7", "ab", "a b" })
    {
        string[] tokens = [.. tokenizer.EncodeToTokens(text, out _).Select(token => token.Value)];
        bool isLost = tokens.Length == 0;
        Console.WriteLine($"extra white space {(removes ? "removed" : "kept")}, '{text}': {(isLost ? "no tokens" : string.Join(' ', tokens))}");
        changed |= isLost != (removes && text.Trim().Length == 1);
    }
}

return changed ? 1 : 0;

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
