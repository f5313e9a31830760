using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orchard.Testing;
using Orchard.TestSupport;

#pragma warning disable MEAI001 // chat reduction is experimental there

namespace Orchard.Extensions.AI.Tests;

/// <summary>The middleware of Microsoft.Extensions.AI over ours, as it comes.</summary>
public sealed class MiddlewareTests : IAsyncLifetime
{
    private const string Question = "What is the capital of France?";

    private readonly FakeEngine _engine = new(new EngineScript().Answer("The capital of France is Paris."));
    private Client? _client;

    public async ValueTask InitializeAsync() => _client = await _engine.ConnectAsync();

    public async ValueTask DisposeAsync()
    {
        await _client!.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task WholeStack_OneQuestion_TheAnswerAndTheInnerServices()
    {
        using IChatClient client = new ChatClientBuilder(_client!.AsIChatClient("starter"))
            .UseDistributedCache(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())))
            .UseFunctionInvocation()
            .UseLogging(NullLoggerFactory.Instance)
            .UseOpenTelemetry()
            .Build();

        ChatResponse response = await client.GetResponseAsync(Question).OrBroken("the answer");
        ChatResponse streamed = await client.GetStreamingResponseAsync(Question).ToChatResponseAsync().OrBroken("the streamed answer");

        Assert.Equal("The capital of France is Paris.", response.Text);
        Assert.Equal(response.Text, streamed.Text);
        Assert.Same(_client, client.GetService<Client>());
    }

    [Fact]
    public async Task DistributedCache_SameQuestionTwice_TheEngineIsAskedOnce()
    {
        using IChatClient client = new ChatClientBuilder(_client!.AsIChatClient("starter"))
            .UseDistributedCache(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())))
            .Build();

        ChatResponse first = await client.GetResponseAsync(Question).OrBroken("the answer");
        ChatResponse second = await client.GetResponseAsync(Question).OrBroken("the answer from the cache");
        await client.GetStreamingResponseAsync(Question).ToChatResponseAsync().OrBroken("the streamed answer");
        ChatResponse streamed = await client.GetStreamingResponseAsync(Question).ToChatResponseAsync().OrBroken("the streamed answer from the cache");

        Assert.Equal((first.Text, first.ResponseId, first.Usage!.TotalTokenCount), (second.Text, second.ResponseId, second.Usage!.TotalTokenCount));
        Assert.Equal((first.Text, first.FinishReason), (streamed.Text, streamed.FinishReason));
        Assert.Equal(2, _engine.Requests.Count);
    }

    [Fact]
    public async Task ChatReduction_LongConversation_TheEngineGetsWhatIsLeftOfIt()
    {
        using IChatClient client = new ChatClientBuilder(_client!.AsIChatClient("starter")).UseChatReducer(new MessageCountingChatReducer(1)).Build();
        ChatMessage[] conversation =
        [
            new(ChatRole.System, "Be brief."),
            new(ChatRole.User, "Hello."),
            new(ChatRole.Assistant, "Hello!"),
            new(ChatRole.User, Question),
        ];

        ChatResponse response = await client.GetResponseAsync(conversation).OrBroken("the answer");
        ChatResponse streamed = await client.GetStreamingResponseAsync(conversation).ToChatResponseAsync().OrBroken("the streamed answer");

        Assert.Equal("The capital of France is Paris.", response.Text);
        Assert.Equal(response.Text, streamed.Text);
        Assert.All(_engine.Requests, request => Assert.Equal(
            ["Be brief.", Question], Assert.Single(request.Prompts).Messages.Select(message => message.Text)));
    }

    public static TheoryData<string> Replies { get; } = ["first", "middle", "last", "two", "in pieces", "after a thought"];

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task FunctionInvocation_CallAnywhereInTheAnswer_IsMadeAndItsResultAnswered(string which)
    {
        _engine.Script.Answer(prompt => prompt.Question.Contains("<tool_response>", StringComparison.Ordinal)
            ? FakeReply.Of(prompt.Question)
            : Reply(which));
        int calls = 0;
        AIFunction add = AIFunctionFactory.Create((int a, int b) => { Interlocked.Increment(ref calls); return a + b; }, "add");
        using IChatClient client = new ChatClientBuilder(_client!.AsIChatClient("starter")).UseFunctionInvocation().Build();

        ChatResponse whole = await client.GetResponseAsync("2 + 3?", new ChatOptions { Tools = [add] }).OrBroken("the answer");
        ChatResponse streamed = await client.GetStreamingResponseAsync("2 + 3?", new ChatOptions { Tools = [add] }).ToChatResponseAsync().OrBroken("the stream");

        Assert.Contains("<tool_response>\n5\n</tool_response>", whole.Messages[^1].Text, StringComparison.Ordinal);
        Assert.Equal(whole.Messages.Select(message => message.Text), streamed.Messages.Select(message => message.Text));
        Assert.Equal(which == "two" ? 4 : 2, calls);
        Assert.Equal(which == "after a thought" ? "Add." : "", string.Concat(whole.Messages[0].Contents.OfType<TextReasoningContent>().Select(content => content.Text)));
    }

    [Fact]
    public async Task FunctionInvocation_ToolBlocks_OtherCallsGoOn()
    {
        _engine.Script.Answer("2 + 3?", Reply("first")).Answer("hello", "Hello!");
        using var open = new ManualResetEventSlim();
        var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        AIFunction add = AIFunctionFactory.Create(
            (int a, int b) =>
            {
                blocked.TrySetResult();
                open.Wait();
                return a + b;
            },
            "add");
        using IChatClient client = new ChatClientBuilder(_client!.AsIChatClient("starter")).UseFunctionInvocation().Build();
        Task<ChatResponse> call = client.GetResponseAsync("2 + 3?", new ChatOptions { Tools = [add] });
        try
        {
            await blocked.Task.OrBroken("the call of the tool");

            Assert.Equal("Hello!", (await client.GetResponseAsync("hello").OrBroken("another answer")).Text);
        }
        finally
        {
            open.Set();
        }

        await call.OrBroken("the answer");
    }

    private static FakeReply Reply(string which)
    {
        const string Arguments = "{\"a\": 2, \"b\": 3}";
        return which switch
        {
            "first" => new FakeReply().Call("add", Arguments).Say("Done."),
            "middle" => new FakeReply().Say("Let me add.").Call("add", Arguments).Say("Done."),
            "two" => new FakeReply().Call("add", Arguments).Call("add", "{\"a\": 0, \"b\": 1}"),
            "in pieces" => new FakeReply().Call("add", ["{\"a\"", ": 2, \"", "b\": 3", "}"]),
            "after a thought" => new FakeReply().Reason("Add.").Call("add", Arguments),
            _ => new FakeReply().Say("Let me add.").Call("add", Arguments),
        };
    }

    [Fact]
    public async Task ConfigureOptions_DefaultsOfThePipeline_ReachTheEngine()
    {
        using IChatClient client = new ChatClientBuilder(_client!.AsIChatClient("starter"))
            .ConfigureOptions(options => options.Temperature ??= 0.5f)
            .Build();

        await client.GetResponseAsync(Question).OrBroken("the answer");

        Assert.Equal(0.5, Assert.Single(Assert.Single(_engine.Requests).Prompts).Options.Temperature);
    }

    [Fact]
    public async Task OpenTelemetry_OneChat_IsCountedOnceAndOursIsAStepOfIt()
    {
        using var source = new ActivitySource("MiddlewareTests");
        using Activity root = ListenAndStart(source, out ActivityListener listener, out List<Activity> spans);
        var instruments = new List<string>();
        using var meter = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name is "MiddlewareTests")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        meter.SetMeasurementEventCallback<int>((instrument, _, _, _) => instruments.Add(instrument.Name));
        meter.SetMeasurementEventCallback<double>((instrument, _, _, _) => instruments.Add(instrument.Name));
        meter.Start();
        using (listener)
        using (IChatClient client = new ChatClientBuilder(_client!.AsIChatClient("starter")).UseOpenTelemetry(sourceName: "MiddlewareTests").Build())
        {
            await client.GetResponseAsync(Question).OrBroken("the answer");
        }

        Activity above = Assert.Single(spans, span => "chat".Equals(span.GetTagItem("gen_ai.operation.name")));
        Activity ours = Assert.Single(spans, span => span.OperationName == "orchard.chat");
        Assert.Equal("orchard", above.GetTagItem("gen_ai.provider.name"));
        Assert.Equal((above.SpanId, root.TraceId), (ours.ParentSpanId, ours.TraceId));
        Assert.NotNull(above.GetTagItem("gen_ai.usage.output_tokens"));
        Assert.Null(ours.GetTagItem("gen_ai.usage.output_tokens"));
        Assert.Equal(2, instruments.Count(name => name == "gen_ai.client.token.usage")); // input and output, by the middleware
    }

    private static Activity ListenAndStart(ActivitySource source, out ActivityListener listener, out List<Activity> spans)
    {
        var heard = new List<Activity>();
        string? trace = null;
        listener = new ActivityListener
        {
            ShouldListenTo = other => other.Name is "MiddlewareTests" or "Orchard",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (heard)
                {
                    if (span.TraceId.ToHexString() == trace)
                    {
                        heard.Add(span);
                    }
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        Activity root = source.StartActivity("root")!;
        trace = root.TraceId.ToHexString();
        spans = heard;
        return root;
    }
}
