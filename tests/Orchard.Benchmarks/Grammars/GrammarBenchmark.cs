using System.Diagnostics;
using Orchard.Benchmarks.Memory;
using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Throughput;

namespace Orchard.Benchmarks.Grammars;

/// <summary>
/// Answers held to schemas of ten fields, with open and with short values: tokens per second, beside answers of the same length that are
/// held to nothing, in turns. The tokens of the model with random weights are refused nearly every time, which is the most a grammar can
/// cost. And tool calls that are required, beside those of an engine that drafts nothing; and the schema of short values beside llama-server.
/// </summary>
internal static class GrammarBenchmark
{
    private const string Name = "grammar";
    private const int Tokens = 150;
    private const int MostTokens = 400; // for answers that end by themselves

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

    // What is extracted from texts: ten fields with short values.
    private const string Fields =
        """
        {
          "type": "object",
          "properties": {
            "orderId": { "type": "integer", "minimum": 1000, "maximum": 9999 },
            "customerType": { "enum": ["private", "business", "government"] },
            "priority": { "enum": ["low", "normal", "urgent"] },
            "quantity": { "type": "integer", "minimum": 1, "maximum": 99 },
            "currency": { "enum": ["EUR", "USD", "CHF"] },
            "isPaid": { "type": "boolean" },
            "shippingMethod": { "enum": ["standard", "express", "pickup"] },
            "deliveryDate": { "type": "string", "pattern": "^2026-[01][0-9]-[0-3][0-9]$" },
            "customerName": { "type": "string", "minLength": 8, "maxLength": 24 },
            "needsReview": { "type": "boolean" }
          },
          "required": ["orderId", "customerType", "priority", "quantity", "currency", "isPaid", "shippingMethod", "deliveryDate", "customerName", "needsReview"],
          "additionalProperties": false
        }
        """;

    private static readonly Tool Order = Tool.FromJson("place_order", "Places an order.", Fields);

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 9);
        string[] cases = (arguments.Text("cases") ?? "open,fields,call,server").Split(',');
        foreach (string name in (arguments.Text("models") ?? "starter,100m").Split(','))
        {
            using ModelUnderTest model = await ModelUnderTest.LoadAsync(name);
            await using EngineUnderTest engine = await EngineUnderTest.StartAsync(model);
            await using EngineUnderTest plain = await EngineUnderTest.StartAsync(model, speculates: false);
            if (cases.Contains("open"))
            {
                var held = new GenerationOptions { MaxOutputTokens = Tokens, Temperature = 0, ResponseFormat = ResponseFormat.JsonSchema(Schema) };
                await RunAsync($"grammar-{name}", engine, plain, model, held, streams: 1, runs, reporter);
            }

            if (cases.Contains("fields"))
            {
                var held = new GenerationOptions { MaxOutputTokens = MostTokens, Temperature = 0, ResponseFormat = ResponseFormat.JsonSchema(Fields) };
                await RunAsync($"grammar-fields-{name}-1", engine, plain, model, held, streams: 1, runs, reporter);
                await RunAsync($"grammar-fields-{name}-8", engine, plain, model, held, streams: 8, runs, reporter);
            }

            if (cases.Contains("call"))
            {
                await CallAsync($"grammar-call-{name}", engine, plain, model, runs, reporter);
            }

            if (cases.Contains("server") && LlamaServer.Executable is not null)
            {
                await BesideServerAsync($"grammar-server-{name}-1", engine, model, streams: 1, runs, reporter);
                await BesideServerAsync($"grammar-server-{name}-8", engine, model, streams: 8, runs, reporter);
            }
        }
    }

    // The limit is text that is held to nothing, of as many tokens, from an engine that drafts none.
    private static async Task RunAsync(
        string name,
        EngineUnderTest engine,
        EngineUnderTest plain,
        ModelUnderTest model,
        GenerationOptions held,
        int streams,
        int runs,
        Reporter reporter)
    {
        var pairs = new Pairs();
        TimedAnswers answers = default;
        for (int run = -1; run < runs; run++)
        {
            // Each run asks something else, so that the grammar meets states that it has not seen.
            string[] prompts = [.. Enumerable.Range(0, streams).Select(i => $"Give me a detailed description of storm {((run + 1) * streams) + i + 1}.")];
            if (run == -1)
            {
                answers = await TimedAnswers.AskAsync(engine, model, prompts, held);
                TimedAnswers expected = await TimedAnswers.AskAsync(plain, model, prompts, held);
                int same = answers.Texts.Zip(expected.Texts).Count(static pair => pair.First == pair.Second);
                Reporter.Note($"{name}: {same} of {streams} texts are the same without drafts; sums are rounded differently in larger batches");
                continue;
            }

            var free = new GenerationOptions { MaxOutputTokens = answers.Tokens / streams, Temperature = 0, IgnoreEndOfSequence = true };
            await pairs.AddAsync(
                async () => (answers = await TimedAnswers.AskAsync(engine, model, prompts, held)).TokensPerSecond,
                async () => (await TimedAnswers.AskAsync(plain, model, prompts, free)).TokensPerSecond);
        }

        Reporter.Note($"{name}: {answers.Tokens} tokens: {answers.Texts[0].ReplaceLineEndings(" ")}");
        reporter.Add(pairs.ToResult(Name, name, "tokens/s"));
    }

    // Tokens of all answers by all the time from the first request to the end of the last answer.
    private static async Task BesideServerAsync(
        string name, EngineUnderTest engine, ModelUnderTest model, int streams, int runs, Reporter reporter)
    {
        await using SchemaServer server = await SchemaServer.StartAsync(model.Path, streams);
        var held = new GenerationOptions { MaxOutputTokens = MostTokens, Temperature = 0, ResponseFormat = ResponseFormat.JsonSchema(Fields) };
        var pairs = new Pairs();
        await AskEngineAsync(Prompts(-1));
        await server.AskAsync(Prompts(-1), Fields, MostTokens);
        for (int run = 0; run < runs; run++)
        {
            string[] prompts = Prompts(run);
            await pairs.AddAsync(() => AskEngineAsync(prompts), () => server.AskAsync(prompts, Fields, MostTokens));
        }

        reporter.Add(pairs.ToResult(Name, name, "tokens/s"));

        string[] Prompts(int run) => [.. Enumerable.Range(0, streams).Select(i => $"Give me a detailed description of flood {((run + 1) * streams) + i + 1}.")];

        async Task<double> AskEngineAsync(string[] prompts)
        {
            long start = Stopwatch.GetTimestamp();
            TimedAnswers answers = await TimedAnswers.AskAsync(engine, model, prompts, held);
            return answers.Tokens / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    // The time of the whole answer, beside that of an engine that drafts nothing.
    private static async Task CallAsync(
        string name, EngineUnderTest engine, EngineUnderTest plain, ModelUnderTest model, int runs, Reporter reporter)
    {
        var options = new GenerationOptions { MaxOutputTokens = MostTokens, Temperature = 0, Tools = [Order], ToolChoice = ToolChoice.Required, MaxToolCalls = 1 };
        var pairs = new Pairs();
        var calls = new Dictionary<EngineUnderTest, string>();
        int same = 0;
        await AskAsync(engine, "Order an umbrella for me.");
        await AskAsync(plain, "Order an umbrella for me.");
        for (int run = 0; run < runs; run++)
        {
            string prompt = $"Order {run + 2} umbrellas for me.";
            await pairs.AddAsync(() => AskAsync(engine, prompt), () => AskAsync(plain, prompt));
            same += calls[engine] == calls[plain] ? 1 : 0;
        }

        Reporter.Note($"{name}: {same} of {runs} calls are the same without drafts: {calls[engine]}");
        reporter.Add(pairs.ToResult(Name, name, "calls/s"));

        async Task<double> AskAsync(EngineUnderTest asked, string prompt)
        {
            long start = Stopwatch.GetTimestamp();
            ChatResult result = await asked.Client.ChatAsync(model.Path, prompt, options);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            BenchmarkException.ThrowUnless(result.ToolCalls.Count == 1, $"The answer has {result.ToolCalls.Count} calls: {result.Text}");
            calls[asked] = $"{result.ToolCalls[0].Name}{result.ToolCalls[0].Arguments}";
            return 1 / elapsed.TotalSeconds;
        }
    }
}
