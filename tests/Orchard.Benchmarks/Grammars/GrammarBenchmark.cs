using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Grammars;

/// <summary>
/// Answers held to a schema of ten fields: tokens per second, beside answers of the same length that are held to nothing, in turns. The
/// tokens of the model with random weights are refused nearly every time, which is the most a grammar can cost.
/// </summary>
internal static class GrammarBenchmark
{
    private const string Name = "grammar";
    private const int Tokens = 150;

    private const string Schema =
        """
        {
          "type": "object",
          "properties": {
            "id": { "type": "integer" },
            "name": { "type": "string", "maxLength": 24 },
            "kind": { "enum": ["bug", "feature", "question", "task"] },
            "email": { "type": "string", "format": "email" },
            "price": { "type": "number", "minimum": 0, "maximum": 1000 },
            "tags": { "type": "array", "items": { "type": "string", "maxLength": 12 }, "minItems": 2, "maxItems": 5 },
            "created": { "type": "string", "format": "date-time" },
            "address": { "type": "object", "properties": { "city": { "type": "string", "maxLength": 20 }, "zip": { "type": "string", "pattern": "^[0-9]{5}$" } }, "required": ["city", "zip"] },
            "isOpen": { "type": "boolean" },
            "note": { "type": ["string", "null"], "minLength": 200 }
          },
          "required": ["id", "name", "kind", "email", "price", "tags", "created", "address", "isOpen", "note"]
        }
        """;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 9);
        foreach (string name in (arguments.Text("models") ?? "starter,100m").Split(','))
        {
            using ModelUnderTest model = await ModelUnderTest.LoadAsync(name);
            await using EngineUnderTest engine = await EngineUnderTest.StartAsync(model, speculates: false);
            var held = new GenerationOptions { MaxOutputTokens = Tokens, Temperature = 0, ResponseFormat = ResponseFormat.JsonSchema(Schema) };
            var free = new GenerationOptions { MaxOutputTokens = Tokens, Temperature = 0, IgnoreEndOfSequence = true };
            var rates = new List<double>();
            var limits = new List<double>();
            TimedAnswer answer = default;
            for (int run = -1; run < runs; run++)
            {
                // Each run asks something else, so that the grammar meets states that it has not seen.
                string prompt = $"Give me a detailed description of storm {run + 2}.";
                answer = await TimedAnswer.AskAsync(engine, model, prompt, held);
                TimedAnswer other = await TimedAnswer.AskAsync(engine, model, prompt, free);
                BenchmarkException.ThrowUnless(answer.Tokens > Tokens / 2, $"The answer has {answer.Tokens} tokens only: {answer.Text}");
                if (run >= 0)
                {
                    rates.Add(answer.TokensPerSecond);
                    limits.Add(other.TokensPerSecond);
                }
            }

            Reporter.Note($"grammar-{name}: {answer.Tokens} tokens: {answer.Text.ReplaceLineEndings(" ")}");
            reporter.Add(new Result(Name, $"grammar-{name}", Median(rates), "tokens/s", Median(limits), runs));
        }
    }
}
