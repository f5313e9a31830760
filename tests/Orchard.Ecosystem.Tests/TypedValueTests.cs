using System.IO.Pipelines;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Orchard.EndToEnd.Tests.Types;

namespace Orchard.Ecosystem.Tests;

/// <summary>
/// Whatever the model generates for a type at temperature 1.5 through Microsoft.Extensions.AI and MCP, the type's own converter reads, or the
/// type is in the table of those whose schema does not say what the converter needs. One sample of some types; twenty of all if
/// ORCHARD_SCHEMAS is <c>all</c>.
/// </summary>
public sealed class TypedValueTests(EngineFixture fixture)
{
    private const int AtOnce = 16;

    private static readonly int MaxTokens = TypeCatalog.TriesAll ? 400 : 100;

    private static readonly string[] Few =
    [
        "int", "decimal", "Guid", "DateTimeOffset", "TimeOnly?", "TimeSpan", "byte[]", "enum? as name", "flags as names", "by enum", "recursive list",
        "polymorphic", "money", "element",
    ];

    private const string Range = "The schema says integer or number, and nothing of the range of the .NET type.";
    private const string Members = "The schema of an enumeration that is written as a number says integer.";
    private const string Flags = "The schema of flags says string.";
    private const string Bytes = "The schema of bytes says string.";
    private const string Keys = "The schema of a dictionary says nothing of its keys.";
    private const string Time = "The standard's time has an offset, which TimeOnly does not read; a tool of a server may be written in any language.";
    private const string Any = "The schema allows any value, and JsonValue reads no objects and lists.";

    // What the schemas leave open that Microsoft.Extensions.AI and MCP write. For functions of this process their types are known.
    private static readonly Dictionary<string, string> Open = new(StringComparer.Ordinal)
    {
        ["sbyte"] = Range,
        ["byte"] = Range,
        ["short"] = Range,
        ["ushort"] = Range,
        ["int"] = Range,
        ["uint"] = Range,
        ["long"] = Range,
        ["ulong"] = Range,
        ["Int128"] = Range,
        ["UInt128"] = Range,
        ["Half"] = Range,
        ["decimal"] = Range,
        ["int?"] = Range,
        ["decimal?"] = Range,
        ["strict numbers"] = Range,
        ["numbers as text"] = Range,
        ["list"] = Range,
        ["immutable"] = Range,
        ["enumerable"] = Range,
        ["list of lists"] = Range,
        ["list of nullable"] = Range,
        ["by name"] = Range,
        ["frozen"] = Range,
        ["pair"] = Range,
        ["struct"] = Range,
        ["generic"] = Range,
        ["required"] = Range,
        ["snake case"] = Range,
        ["renamed"] = Range,
        ["named kind"] = Range,
        ["polymorphic"] = Range,
        ["closed"] = Range,
        ["annotated"] = Range,
        ["money"] = Range,
        ["enum as number"] = Members,
        ["small enum as number"] = Members,
        ["flags as number"] = Members,
        ["flags as names"] = Flags,
        ["flags? as names"] = Flags,
        ["byte[]"] = Bytes,
        ["byte[]?"] = Bytes,
        ["Memory<byte>"] = Bytes,
        ["ReadOnlyMemory<byte>"] = Bytes,
        ["list of bytes"] = Bytes,
        ["by number"] = Keys,
        ["by id"] = Keys,
        ["by enum"] = Keys,
        ["by date"] = Keys,
        ["by long"] = Keys,
        ["by bool"] = Keys,
        ["by time"] = Keys,
        ["node"] = Any,
    };

    private static readonly Dictionary<string, string> OpenForServers = new(StringComparer.Ordinal)
    {
        ["TimeOnly"] = Time,
        ["TimeOnly?"] = Time,
        ["array of times"] = Time,
        ["map of lists"] = Time,
        ["record struct"] = Time,
        ["required by constructor"] = Time,
    };

    [Fact]
    public Task Answers_OfTypes_AreReadByTheirConverters() => AssertReadAsync(new AnswerWay(fixture.Chat), Open.ContainsKey);

    [Fact]
    public Task ParametersOfFunctions_AreReadByTheirConverters() => AssertReadAsync(new FunctionWay(fixture.Chat), type => Open.GetValueOrDefault(type) == Any);

    [Fact]
    public Task ParametersOfMcpTools_AreReadByTheirConverters() =>
        AssertReadAsync(new McpWay(fixture.Chat), type => Open.ContainsKey(type) || OpenForServers.ContainsKey(type));

    private static async Task AssertReadAsync(ITypedWay way, Predicate<string> mayBeUnread)
    {
        using var places = new SemaphoreSlim(AtOnce);

        Sample[] samples = await Task.WhenAll(
            from type in TypeCatalog.TriesAll ? TypeCatalog.All.Keys : Few
            from seed in Enumerable.Range(1, TypeCatalog.Samples(few: 1))
            select GenerateAsync(way, type, (uint)seed, places));

        Assert.Contains(samples, sample => sample.Outcome == Outcome.Read);
        foreach (IGrouping<string, Sample> unread in samples.Where(sample => sample.Outcome == Outcome.Unread).GroupBy(sample => sample.Type))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{unread.Key}: {unread.Count()} of {samples.Count(sample => sample.Type == unread.Key)} unread, for example {unread.First().Error}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{string.Join(", ", samples.CountBy(sample => sample.Outcome))}");
        Assert.Empty(samples.Where(sample => sample.Outcome == Outcome.Unread && !mayBeUnread(sample.Type)).Select(sample => $"{sample.Type}: {sample.Error}"));
    }

    private static async Task<Sample> GenerateAsync(ITypedWay way, string type, uint seed, SemaphoreSlim places)
    {
        await places.WaitAsync();
        try
        {
            return new Sample(type, await TypeCatalog.All[type].GenerateAsync(way, seed) ? Outcome.Read : Outcome.Cut);
        }
        catch (Exception e) when (e is not OrchardException)
        {
            return new Sample(type, Outcome.Unread, e.Message.ReplaceLineEndings(" "));
        }
        finally
        {
            places.Release();
        }
    }

    private enum Outcome
    {
        Read,
        Cut,
        Unread,
    }

    private sealed record Sample(string Type, Outcome Outcome, string? Error = null);

    private static ChatOptions Options(uint seed) => new()
    {
        Temperature = 1.5f,
        TopK = 0,
        TopP = 1,
        MaxOutputTokens = MaxTokens,
        Seed = seed,
        AdditionalProperties = new() { ["min_p"] = 0 },
    };

    /// <summary>The call that the model is made to make; null if it was cut by the limit.</summary>
    private static async Task<FunctionCallContent?> CallAsync(IChatClient chat, AIFunction function, uint seed)
    {
        ChatOptions options = Options(seed);
        options.Tools = [function];
        options.ToolMode = ChatToolMode.RequireSpecific(function.Name);
        options.AllowMultipleToolCalls = false;
        ChatResponse response = await chat.GetResponseAsync("Give me one.", options).OrBroken("the call");
        FunctionCallContent? call = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().FirstOrDefault();
        if (call is null or { InformationalOnly: true })
        {
            Assert.Equal(ChatFinishReason.Length, response.FinishReason);
            return null;
        }

        Assert.Null(call.Exception);
        return call;
    }

    /// <summary>GetResponseAsync&lt;T&gt;.</summary>
    private sealed class AnswerWay(IChatClient chat) : ITypedWay
    {
        public async Task<bool> GenerateAsync<T>(JsonSerializerOptions serializer, Action<T>? check, uint seed)
        {
            ChatResponse<T> response = await chat.GetResponseAsync<T>("Give me one.", serializer, Options(seed)).OrBroken($"a {typeof(T)}");
            if (response.FinishReason == ChatFinishReason.Length)
            {
                return false;
            }

            _ = response.Result;
            return true;
        }
    }

    /// <summary>A parameter of a function.</summary>
    private sealed class FunctionWay(IChatClient chat) : ITypedWay
    {
        public async Task<bool> GenerateAsync<T>(JsonSerializerOptions serializer, Action<T>? check, uint seed)
        {
            AIFunction function = AIFunctionFactory.Create((T value) => { }, "take", "Takes one.", serializer);
            if (await CallAsync(chat, function, seed) is not { } call)
            {
                return false;
            }

            await function.InvokeAsync(new AIFunctionArguments(call.Arguments)).AsTask().OrBroken("the function");
            return true;
        }
    }

    /// <summary>A parameter of a tool of an MCP server.</summary>
    private sealed class McpWay(IChatClient chat) : ITypedWay
    {
        public async Task<bool> GenerateAsync<T>(JsonSerializerOptions serializer, Action<T>? check, uint seed)
        {
            McpServerTool tool = McpServerTool.Create(
                (T value) => { },
                new McpServerToolCreateOptions { Name = "take", Description = "Takes one.", SerializerOptions = serializer });
            var up = new Pipe();
            var down = new Pipe();
            using var stop = new CancellationTokenSource();
            await using McpServer server = McpServer.Create(
                new StreamServerTransport(up.Reader.AsStream(), down.Writer.AsStream(), "test"),
                new McpServerOptions { ServerInfo = new Implementation { Name = "test", Version = "1" }, ToolCollection = [tool] });
            Task running = server.RunAsync(stop.Token);
            try
            {
                await using McpClient client = await McpClient.CreateAsync(new StreamClientTransport(up.Writer.AsStream(), down.Reader.AsStream())).OrBroken("the connection");
                McpClientTool offered = Assert.Single(await client.ListToolsAsync().AsTask().OrBroken("the tools"));
                if (await CallAsync(chat, offered, seed) is not { } call)
                {
                    return false;
                }

                CallToolResult result = await offered.CallAsync(call.Arguments!.ToDictionary(pair => pair.Key, pair => pair.Value)).AsTask().OrBroken("the tool");
                Assert.False(result.IsError == true, $"{JsonSerializer.Serialize(call.Arguments)} is refused: {result.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text}");
                return true;
            }
            finally
            {
                await stop.CancelAsync();
                await running.ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }
    }
}
