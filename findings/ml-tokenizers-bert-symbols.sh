#!/usr/bin/env bash
# Microsoft.ML.Tokenizers 2.0.1: its WordPiece tokenizer for BERT models drops symbols and numbers that are no decimal digits, whether the
# vocabulary contains them or not: "a + b" and "a b", or "½ cup" and "cup", are the same tokens. In the original (and in
# @huggingface/tokenizers 0.2.0) `+`, `=`, `|`, `~` and `$` are punctuation and tokens of their own, other symbols are ordinary characters
# of a word, and `_` is punctuation, too, while here it is a part of the word.
# Guess before the run: the tokens of the original.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > finding.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup><PackageReference Include="Microsoft.ML.Tokenizers" Version="2.0.1" /></ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using Microsoft.ML.Tokenizers;
string[] vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "+", "=", "|", "~", "$", "5", "_", "½", "™", "①", "cup"];
File.WriteAllLines("vocab.txt", vocabulary);
BertTokenizer tokenizer = BertTokenizer.Create("vocab.txt");
(string Text, string Seen, string Original)[] cases =
[
    ("a + b", "a b", "a + b"),
    ("a=b", "a b", "a = b"),
    ("a|b", "a b", "a | b"),
    ("a ~ b", "a b", "a ~ b"),
    ("$ 5", "5", "$ 5"),
    ("½ cup", "cup", "½ cup"),
    ("a ™", "a", "a ™"),
    ("① a", "a", "① a"),
    ("a_b", "[UNK]", "a _ b"),
];
bool changed = false;
foreach (var (text, seen, original) in cases)
{
    string actual = string.Join(' ', tokenizer.EncodeToIds(text).Select(id => vocabulary[id])).Replace("[CLS] ", "").Replace(" [SEP]", "");
    Console.WriteLine($"{text}: {actual} (original: {original})");
    changed |= actual != seen;
}

return changed ? 1 : 0;
CS
dotnet run --verbosity quiet
