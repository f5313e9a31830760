#!/usr/bin/env bash
# FastBertTokenizer 1.2.6 splits a word of any length into pieces. The original WordPiece tokenizer of BERT (and @huggingface/tokenizers
# 0.2.0, whose models say max_input_chars_per_word = 100) makes one unknown token of a word of more than 100 characters, such as a long
# address or base64 text. Token counts differ by a hundred there, and so do the vectors.
# Guess before the run: [UNK] from 101 characters on.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > finding.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup><PackageReference Include="FastBertTokenizer" Version="1.2.6" /></ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using FastBertTokenizer;
using var vocabulary = new StringReader("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nx\n##x\n");
var tokenizer = new BertTokenizer();
tokenizer.LoadVocabulary(vocabulary, convertInputToLowercase: true);
bool changed = false;
foreach (var (length, original) in new[] { (100, 100), (101, 1), (300, 1) })
{
    int tokens = tokenizer.Encode(new string('x', length), 512).InputIds.Length - 2;
    Console.WriteLine($"{length} characters: {tokens} tokens (original: {original})");
    changed |= tokens != length;
}

return changed ? 1 : 0;
CS
dotnet run --verbosity quiet
