#!/usr/bin/env bash
# System.CommandLine 3.0.0: Option<double> reads its value with the culture of the user and skips separators of thousands. `--temperature
# 0.7` is 7 on a machine with German settings, and `0,7` is 7 on one with English settings: no error in either case. A program sets the
# invariant culture or reads the text itself. Guess before the run: the decimal point everywhere, and an error for the comma.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package System.CommandLine@3.0.0
#:property PublishAot=false
#:property InvariantGlobalization=false
#:property PredefinedCulturesOnly=false
using System.CommandLine;
using System.Globalization;

var temperature = new Option<double>("--temperature");
var command = new RootCommand { temperature };
// The settings of a German system; cultures by name need data that not every system has.
var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
german.NumberFormat.NumberDecimalSeparator = ",";
german.NumberFormat.NumberGroupSeparator = ".";
bool seen = true;
foreach (var (name, culture, text, value) in new[]
{
    ("invariant", CultureInfo.InvariantCulture, "0.7", 0.7), ("invariant", CultureInfo.InvariantCulture, "0,7", 7.0),
    ("German", german, "0.7", 7.0), ("German", german, "0,7", 0.7),
})
{
    CultureInfo.CurrentCulture = culture;
    ParseResult result = command.Parse(["--temperature", text]);
    double actual = result.GetValue(temperature);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {text} is {actual}, {result.Errors.Count} errors"));
    seen &= actual == value && result.Errors.Count == 0;
}

return seen ? 0 : 1;
CS
dotnet run app.cs
