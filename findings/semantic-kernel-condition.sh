#!/usr/bin/env bash
# Microsoft.SemanticKernel 1.82.0: the JSON schema of a function has a keyword "condition" at its root, which holds the description of the
# function; JSON Schema does not define it. A default value is not in "default" but in the text of the description. Guess before the run:
# "description" and "default", as Microsoft.Extensions.AI writes them.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package Microsoft.SemanticKernel.Core@1.82.0
#:property PublishAot=false
using System.Text.Json;
using Microsoft.SemanticKernel;

KernelFunction function = KernelFunctionFactory.CreateFromMethod((string city, int days = 3) => "sunny", "weather", "Returns the weather.");
JsonElement schema = function.JsonSchema;
JsonElement days = schema.GetProperty("properties").GetProperty("days");
Console.WriteLine(JsonSerializer.Serialize(schema));
bool seen = schema.GetProperty("condition").GetString() == "Returns the weather."
    && !schema.TryGetProperty("description", out _)
    && !days.TryGetProperty("default", out _)
    && days.GetProperty("description").GetString() == "(default value: 3)";
return seen ? 0 : 1;
CS
dotnet run app.cs
