#!/usr/bin/env bash
# System.CommandLine 3.0.0: a command that takes free text as its argument accepts misspelled options as part of the text. `run --modle x
# Hello` reports no error; the model is not set and the text begins with "--modle". Guess before the run: an error that names --modle, as
# there is for commands without such an argument.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package System.CommandLine@3.0.0
#:property PublishAot=false
using System.CommandLine;

var text = new Argument<string[]>("text") { Arity = ArgumentArity.ZeroOrMore };
var model = new Option<string?>("--model");
var run = new Command("run") { text, model };
var list = new Command("list") { new Option<string?>("--model") };
var root = new RootCommand { run, list };

ParseResult withText = root.Parse(["run", "--modle", "x", "Hello"]);
ParseResult without = root.Parse(["list", "--modle", "x"]);
Console.WriteLine($"run:  text \"{string.Join(' ', withText.GetValue(text)!)}\", model \"{withText.GetValue(model)}\", {withText.Errors.Count} errors");
Console.WriteLine($"list: {string.Join(' ', without.Errors.Select(error => error.Message))}");
return withText.Errors.Count == 0 && withText.GetValue(text) is ["--modle", "x", "Hello"] && without.Errors.Count == 2 ? 0 : 1;
CS
dotnet run app.cs
