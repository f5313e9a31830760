using Orchard.Engine.Serving.Models;
using Orchard.Engine.Serving.Requests;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Sockets;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Serving;

/// <summary>What requests cost before they are decoded: one client's preparation does not hold up another's, and ends when cancelled.</summary>
public sealed class PreparationTests
{
    private const ulong OtherChannel = (99UL << 32) | 1;

    // Takes the whole budget of a compilation. Each has another text, so that none is in the cache.
    private static WirePrompt Hostile(int number) => ServingHarness.Prompt() with
    {
        ResponseFormatJson = $$"""{"type":"regex","pattern":"((a{1,70}b?{{number}}){1,70}c){1,70}"}""",
    };

    [Fact]
    public async Task Request_AnotherClientsAreAllBeingPrepared_IsAnswered()
    {
        using var open = new ManualResetEventSlim();
        await using var harness = new ServingHarness();
        await harness.LoadAsync();
        harness.Loader.Tokenizing = text =>
        {
            if (text.Contains("wait", StringComparison.Ordinal))
            {
                open.Wait();
            }
        };
        Task flood = FloodAsync(harness, number => ServingHarness.Prompt($"wait {number}>"));
        try
        {
            await harness.SendAsync(harness.Request() with { ResponseChannelId = OtherChannel });

            Assert.Equal(OtherChannel, (await harness.Recorder.NextAsync()).Channel);
        }
        finally
        {
            open.Set();
        }

        await flood.OrBroken("the requests of the first client");
    }

    [Fact]
    public async Task Tokenize_AnotherClientsCommandsBlock_IsAnsweredAndTheyRunOneByOne()
    {
        using var open = new ManualResetEventSlim();
        await using var harness = new ServingHarness();
        await harness.LoadAsync();
        int running = 0;
        int most = 0;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        harness.Loader.Tokenizing = text =>
        {
            if (text == "wait")
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                started.TrySetResult();
                open.Wait();
                Interlocked.Decrement(ref running);
            }
        };
        Task<ManagementReply>[] flood = [.. Enumerable.Range(0, 20).Select(_ => TokenizeAsync("wait", process: 1))];
        await started.Task.OrBroken("the first command");
        try
        {
            Assert.Equal([[(int)'a']], (await TokenizeAsync("a", process: 2).OrBroken("the other client's command")).Data!.Tokenize!);
        }
        finally
        {
            open.Set();
        }

        await Task.WhenAll(flood).OrBroken("the first client's commands");
        Assert.Equal(1, most);

        Task<ManagementReply> TokenizeAsync(string text, int process) => harness.Management.ExecuteAsync(
            new ManagementCommand { Type = ManagementCommand.Tokenize, CanonicalId = ServingHarness.ModelId, Texts = [text] },
            new PeerProcess(IsReported: true, process),
            TestContext.Current.CancellationToken).AsTask();
    }

    [Fact]
    public async Task Request_AnotherClientsPatternsAreCompiled_IsAnsweredMeanwhile()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();
        WireRequest[] flood = [.. Enumerable.Range(0, 70).Select(number => harness.Request(Hostile(number)))];
        Task sending = Task.WhenAll(flood.Select(request => harness.SendAsync(request)));
        await harness.SendAsync(harness.Request() with { ResponseChannelId = OtherChannel });
        await harness.SendAsync(harness.Request(ServingHarness.Prompt() with { ResponseFormatJson = """{"type":"regex","pattern":"Paris."}""" })
            with
        { ResponseChannelId = OtherChannel });

        int before = 0;
        for (int finals = 0; finals < 2;)
        {
            (ulong channel, ResponseDelta delta) = await harness.Recorder.NextAsync();
            finals += channel == OtherChannel && delta.IsFinal ? 1 : 0;
            before += channel != OtherChannel && delta.IsFinal ? 1 : 0;
        }

        Assert.True(before < 10, $"{before} of 70 patterns of another client came first.");
        foreach (WireRequest request in flood)
        {
            harness.Active.Cancel(request.RequestId, ServingHarness.Channel);
        }

        await sending.OrBroken("the hostile requests to be taken");
        await harness.Recorder.ReadFinalsAsync(70 - before);
        Assert.Equal(0, harness.Active.Count);
    }

    [Fact]
    public async Task Cancel_RequestsWaitToBePrepared_AllEndAsCancelledAndNothingIsPrepared()
    {
        using var open = new ManualResetEventSlim();
        await using var harness = new ServingHarness();
        await harness.LoadAsync();
        int tokenized = 0;
        harness.Loader.Tokenizing = _ =>
        {
            Interlocked.Increment(ref tokenized);
            open.Wait();
        };
        WireRequest[] requests = [.. Enumerable.Range(0, 40).Select(_ => harness.Request())];
        foreach (WireRequest request in requests)
        {
            await harness.SendAsync(request);
        }

        Assert.All(requests, request => Assert.Equal(CancelResult.Cancelled, harness.Active.Cancel(request.RequestId, ServingHarness.Channel)));
        open.Set();
        IReadOnlyList<ResponseDelta> finals = await harness.Recorder.ReadFinalsAsync(40);

        Assert.All(finals, delta => Assert.Equal("cancelled", delta.FinishReason));
        Assert.True(tokenized < 40, $"{tokenized} cancelled requests were tokenized.");
        Assert.Equal(0, harness.Active.Count);
    }

    [Fact]
    public async Task Request_TextThatIsCertainlyTooLong_IsNotTokenized()
    {
        await using var harness = new ServingHarness(new FakeModelLoader { ContextLength = 16 });
        await harness.LoadAsync();
        bool tokenized = false;
        harness.Loader.Tokenizing = _ => tokenized = true;

        await harness.SendAsync(harness.Request(ServingHarness.Prompt(new string('x', 100_000))));
        ResponseDelta delta = (await harness.Recorder.NextAsync()).Delta;

        Assert.Equal(ErrorCode.ContextLengthExceeded, delta.Extras!.ErrorCode);
        Assert.False(tokenized);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_Grammar_WhatItNeedsIsBuiltBesideTheDecodingThread(bool hasGrammar)
    {
        string? thread = null;
        await using var harness = new ServingHarness(new FakeModelLoader { PreparingGrammars = () => thread = Thread.CurrentThread.Name ?? "pool" });
        await harness.LoadAsync();

        await harness.SendAsync(harness.Request(ServingHarness.Prompt() with { ResponseFormatJson = hasGrammar ? """{"type":"json_object"}""" : "" }));
        await harness.Recorder.ReadFinalsAsync(1);

        Assert.Equal(hasGrammar, thread is not null);
        Assert.NotEqual("model.gguf", thread); // the name of the scheduler's thread
    }

    [Fact]
    public async Task Unload_DuringAnEmbeddingOfAnotherClient_IsRefusedUntilItHasEnded()
    {
        var embedder = new ScriptedEmbedder();
        await using var harness = new ServingHarness(new FakeModelLoader { Embedder = embedder });
        await harness.LoadAsync();
        await harness.SendAsync(harness.Request(ServingHarness.Prompt("text")) with { Type = RequestType.Embedding });
        await embedder.EnteredAsync();

        ManagementReply during = await harness.ExecuteAsync(Unload());
        embedder.Release();
        await harness.Recorder.ReadFinalsAsync(1);
        ManagementReply after = await harness.ExecuteAsync(Unload());

        Assert.Equal((ManagementReply.ErrorStatus, ErrorCode.ModelInUse), (during.Status, during.ErrorCode));
        Assert.Equal(ManagementReply.OkStatus, after.Status);
        Assert.True(embedder.IsDisposed);
    }

    [Fact]
    public async Task Unload_DuringThePreparationOfARequest_IsRefused()
    {
        using var open = new ManualResetEventSlim();
        await using var harness = new ServingHarness();
        await harness.LoadAsync();
        harness.Loader.Tokenizing = _ => open.Wait();
        await harness.SendAsync(harness.Request());

        ManagementReply during = await harness.ExecuteAsync(Unload());
        open.Set();
        await harness.Recorder.ReadFinalsAsync(1);

        Assert.Equal(ErrorCode.ModelInUse, during.ErrorCode);
        Assert.Equal(ManagementReply.OkStatus, (await harness.ExecuteAsync(Unload())).Status);
    }

    [Fact]
    public async Task Unload_AfterRequestsThatWereRefused_Succeeds()
    {
        await using var harness = new ServingHarness();
        await harness.LoadAsync();
        await harness.SendAsync(harness.Request(ServingHarness.Prompt() with { Temperature = -1 }));
        await harness.SendAsync(harness.Request(Hostile(0) with { ResponseFormatJson = "{" }));
        await harness.Recorder.ReadFinalsAsync(2);

        Assert.Equal(ManagementReply.OkStatus, (await harness.ExecuteAsync(Unload())).Status);
    }

    [Fact]
    public async Task CancelLoad_ManyThatNeverArrive_AreForgotten()
    {
        await using var harness = new ServingHarness();
        for (ulong load = 0; load < 30_000; load++)
        {
            await harness.ExecuteAsync(new ManagementCommand
            {
                Type = ManagementCommand.CancelModelLoad,
                CanonicalId = $"model {load}",
                ResponseChannelId = ServingHarness.Channel,
                LoadId = load,
            });
        }

        Assert.InRange(harness.Models.KeptEntries, 1, 4096);
    }

    [Fact]
    public async Task Load_ManyFilesThatCannotBeLoaded_AreForgotten()
    {
        await using var harness = new ServingHarness();
        harness.Loader.LoadFailure = new IOException("broken");
        for (int load = 0; load < 3 * LoadedModels.MaxIdleHosts; load++)
        {
            Assert.Equal(ManagementReply.ErrorStatus, (await harness.ExecuteAsync(harness.LoadCommand(wait: true, id: $"model {load}"))).Status);
            harness.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(harness.Models.KeptEntries, 1, LoadedModels.MaxIdleHosts + 10);
        harness.Loader.LoadFailure = null;
        await harness.LoadAsync();
    }

    private static ManagementCommand Unload() => new() { Type = ManagementCommand.UnloadModel, CanonicalId = ServingHarness.ModelId };

    private static Task FloodAsync(ServingHarness harness, Func<int, WirePrompt> create) =>
        Task.WhenAll(Enumerable.Range(0, 70).Select(number => harness.SendAsync(harness.Request(create(number)))));
}
