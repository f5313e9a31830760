#!/usr/bin/env bash
# Microsoft.Extensions.AI.Abstractions 10.11.0 writes the bounds of [Range(typeof(decimal), "0.1", "2.5")] as JSON strings:
# {"type":"number","minimum":"0.1","maximum":"2.5"}. JSON Schema allows only numbers there, so the schema is invalid and a strict reader
# refuses it. A range of dates becomes "minimum" and "maximum" of a string. Guess before the run: numbers, as for [Range(1, 5)].
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > app.cs <<'CS'
#:package Microsoft.Extensions.AI.Abstractions@10.11.0
#:property PublishAot=false
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Extensions.AI;

JsonElement properties = AIJsonUtilities.CreateJsonSchema(typeof(Order)).GetProperty("properties");
bool seen = true;
foreach ((string name, JsonValueKind kind) in new[] { ("count", JsonValueKind.Number), ("price", JsonValueKind.String), ("day", JsonValueKind.String) })
{
    JsonElement minimum = properties.GetProperty(name).GetProperty("minimum");
    Console.WriteLine($"{name}: {properties.GetProperty(name).GetProperty("type")}, minimum is a {minimum.ValueKind}: {minimum.GetRawText()}");
    seen &= minimum.ValueKind == kind;
}

return seen ? 0 : 1;

sealed class Order
{
    [Range(1, 5)]
    public int Count { get; set; }

    [Range(typeof(decimal), "0.1", "2.5")]
    public decimal Price { get; set; }

    [Range(typeof(DateTime), "2020-01-01", "2021-01-01")]
    public DateTime Day { get; set; }
}
CS
dotnet run app.cs
