#!/usr/bin/env bash
# Microsoft.ML.Tokenizers 2.0.1 has a WordPiece tokenizer for BERT models, with which applications count or prepare the tokens of texts to
# embed. It removes tabs and line breaks, as it does with other control characters, instead of reading them as white space: the last word
# of a line and the first word of the next one become one word, most often an unknown one. In the original (and in
# @huggingface/tokenizers 0.2.0) they separate words. A vertical line separator (U+2028) does separate words here.
# Guess before the run: every kind of white space separates words.
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
string[] vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "first", "second"];
File.WriteAllLines("vocab.txt", vocabulary);
BertTokenizer tokenizer = BertTokenizer.Create("vocab.txt");
(string Name, string Text, string Seen, string Original)[] cases =
[
    ("space", "first second", "first second", "first second"),
    ("line feed", "first\nsecond", "[UNK]", "first second"),
    ("carriage return, line feed", "first\r\nsecond", "[UNK]", "first second"),
    ("tab", "first\tsecond", "[UNK]", "first second"),
    ("line separator", "first\u2028second", "first second", "first second"),
];
bool changed = false;
foreach (var (name, text, seen, original) in cases)
{
    string actual = string.Join(' ', tokenizer.EncodeToIds(text).Select(id => vocabulary[id])).Replace("[CLS] ", "").Replace(" [SEP]", "");
    Console.WriteLine($"{name}: {actual} (original: {original})");
    changed |= actual != seen;
}

return changed ? 1 : 0;
CS
dotnet run --verbosity quiet
