using System.Text.Json.Serialization;
using Orchard;

namespace Snippets;

/// <summary>The code of the pages in docs/. A test checks that both are the same.</summary>
public static class DocsSnippets
{
    public static async Task ConnectAsync()
    {
        await using var client = await Client.ConnectAsync();
        await client.EnsureConnectedAsync();
    }

    public static async Task AskAsync(Client client, CancellationToken cancellationToken)
    {
        ChatResult answer = await client.ChatAsync(
            "starter",
            [Message.System("Answer briefly."), Message.User("You can call me Lena."), Message.Assistant("Hello Lena."), Message.User("Who am I?")],
            new GenerationOptions { MaxOutputTokens = 200, Temperature = 0.7, Seed = 42 },
            cancellationToken);
        Console.WriteLine($"{answer.Text} ({answer.Usage.CompletionTokens} tokens, {answer.FinishReason})");
    }

    public static async Task StreamAsync(Client client)
    {
        await foreach (ChatDelta delta in client.ChatStreamAsync("starter", "Tell me about Paris."))
        {
            Console.Write(delta.Text);
            if (delta.Usage is { } usage)
            {
                Console.WriteLine($" ({usage.CompletionTokens} tokens)");
            }
        }
    }

    public static async Task<IReadOnlyList<ChatResult>> BatchAsync(Client client)
    {
        IReadOnlyList<ChatResult> answers = await client.ChatBatchAsync(
            "starter", [[Message.User("What is the capital of Japan?")], [Message.User("What is 3 * 5?")]]);
        return answers;
    }

    public static async Task AskModelOfTheHubAsync(Client client)
    {
        ChatResult answer = await client.ChatAsync("Qwen/Qwen3-0.6B-GGUF:Q8_0", "What is a GGUF file?");
        Console.WriteLine(answer.Text);
    }

    public static async Task<(int Choices, int Stored, bool Deleted)> DownloadAsync(Client client)
    {
        var progress = new Progress<ModelLoadProgress>(p => Console.WriteLine($"{p.Phase} {p.Fraction:P0}, {p.Remaining} remaining"));
        LocalModel model = await client.Models.DownloadAsync("Qwen/Qwen3-0.6B-GGUF:Q8_0", progress);
        IReadOnlyList<RepositoryModel> choices = await client.Models.GetFilesAsync("Qwen/Qwen3-0.6B-GGUF");
        IReadOnlyList<LocalModel> stored = await client.Models.ListLocalAsync();
        bool deleted = await client.Models.DeleteAsync(model.Name);
        return (choices.Count, stored.Count, deleted);
    }

    public static async Task LoadAsync(Client client)
    {
        var progress = new Progress<ModelLoadProgress>(load => Console.WriteLine($"{load.Phase} {load.Fraction:P0}"));
        ModelInfo info = await client.Models.EnsureLoadedAsync("~/models/model.gguf", progress);
        Console.WriteLine($"{info.Architecture}, {info.Quantization}, {info.ContextLength} tokens of context");
    }

    public static async Task LoadWithOptionsAsync()
    {
        var options = new ClientOptions { ModelDefaults = { KeepAlive = TimeSpan.FromMinutes(30) } };
        options.Models["Qwen/Qwen3-0.6B-GGUF"] = new ModelOptions { ContextLength = 16_384, KeyCacheType = CacheType.Q8_0 };
        await using Client client = await Client.ConnectAsync(options);
        ModelInfo info = await client.Models.EnsureLoadedAsync("starter", new ModelOptions { ParallelSequences = 4 });
        Console.WriteLine($"{info.ContextLength} tokens, limited by {info.ContextLimitedBy}; {info.ReservedBytes >> 20} MiB");
    }

    public static async Task DraftAsync(Client client)
    {
        await client.Models.EnsureLoadedAsync("qwen-7b.gguf", new ModelOptions { DraftModel = "qwen-0.5b.gguf" });
    }

    public static async Task<(string Prompt, int Tokens)> RenderAsync(Client client)
    {
        string prompt = await client.RenderPromptAsync("starter", [Message.User("Hello")]);
        int tokens = await client.CountTokensAsync("starter", [Message.User("Hello")]);
        return (prompt, tokens);
    }

    public static async Task LookAsync(Client client)
    {
        ImagePart picture = ContentPart.ImageFromFile("cat.png"); // also Image(bytes), ImageFromDataUri(uri), and the same with Audio
        ChatResult seen = await client.ChatAsync("ggml-org/SmolVLM-256M-Instruct-GGUF", [Message.User("What is in the picture?", picture)]);
        Console.WriteLine(seen.Text);
    }

    public static async Task<(int Embeddings, int Ranked)> EmbedAsync(Client client)
    {
        IReadOnlyList<TextEmbedding> embeddings = await client.EmbedAsync("~/models/encoder.gguf", ["first text", "second text"]);
        IReadOnlyList<RankedDocument> ranked = await client.RerankAsync("~/models/reranker.gguf", "What is a GGUF file?", ["first", "second"]);
        return (embeddings.Count, ranked.Count);
    }

    public static async Task<string> TokenizeAsync(Client client)
    {
        IReadOnlyList<int> ids = await client.TokenizeAsync("starter", "Hello world");
        string text = await client.DetokenizeAsync("starter", ids);
        return text;
    }

    public static async Task TypedAsync(Client client)
    {
        ChatResult<City> city = await client.ChatAsync("starter", "What is the capital of France?", CityContext.Default.City);
        Console.WriteLine(city.Value.Name);
    }

    public static async Task RunToolsAsync(Client client)
    {
        Tool weather = Tool.Create(
            "get_weather",
            "Returns the weather in a city.",
            CityContext.Default.City,
            CityContext.Default.Weather,
            (city, cancellationToken) => Task.FromResult(new Weather(21, "sunny")));
        ToolRun run = await client.RunToolsAsync(
            "starter", "What is the weather in Rome?", new GenerationOptions { Tools = [weather] });
        Console.WriteLine(run.Answer.Text);
    }

    public static async Task<ChatResult> ToolsAsync(Client client)
    {
        var options = new GenerationOptions
        {
            Tools =
            [
                Tool.FromJson(
                    "get_weather",
                    "Returns the weather in a city.",
                    """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""),
            ],
        };
        List<Message> conversation = [Message.User("What is the weather in Rome?")];
        ChatResult answer = await client.ChatAsync("starter", conversation, options);
        while (answer.ToolCalls.Count > 0)
        {
            conversation.Add(answer.ToMessage());
            foreach (ToolCall call in answer.ToolCalls)
            {
                conversation.Add(Message.Tool(call.Id, """{"temperature":21}"""));
            }

            answer = await client.ChatAsync("starter", conversation, options);
        }

        return answer;
    }

    public static async Task KeepEngineAsync()
    {
        await using InferenceEngine engine = await InferenceEngine.StartAsync(new EngineOptions { LoadModels = ["starter"] });
        await using Client client = await engine.ConnectAsync();
        await client.EnsureConnectedAsync();
    }
}

/// <summary>A city.</summary>
/// <param name="Name">Its name.</param>
public sealed record City(string Name);

/// <summary>The weather in a city.</summary>
/// <param name="Temperature">In degrees Celsius.</param>
/// <param name="Sky">What the sky looks like.</param>
public sealed record Weather(int Temperature, string Sky);

/// <summary>The JSON of <see cref="City"/> and <see cref="Weather"/>.</summary>
[JsonSerializable(typeof(City))]
[JsonSerializable(typeof(Weather))]
public sealed partial class CityContext : JsonSerializerContext;
