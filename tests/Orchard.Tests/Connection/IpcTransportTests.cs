using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Nerdbank.Streams;
using Orchard.Connection.Transport;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests.Connection;

public sealed class IpcTransportTests : IAsyncDisposable
{
    // Says nothing by itself: the tests say it, delta by delta.
    private readonly FakeEngine _engine = new(new EngineScript().Answer(new FakeReply().Stall()));

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Send_DeltasOfTheRequest_ArriveInOrderUntilTheFinalOne()
    {
        await using IpcTransport transport = await ConnectAsync(_engine);
        (WireRequest frame, PendingRequest request) = await SendAsync(transport);
        Assert.Equal(frame.RequestId, (await _engine.NextRequestAsync().OrBroken("a request to reach the engine")).Frame.RequestId);

        _engine.CurrentInstance.Publish(transport.ChannelId, Delta(frame, "a"));
        _engine.CurrentInstance.Publish(transport.ChannelId + 1, Delta(frame, "of another client"));
        _engine.CurrentInstance.Publish(transport.ChannelId, Delta(frame, "b", isFinal: true));
        _engine.CurrentInstance.Publish(transport.ChannelId, Delta(frame, "after the end"));

        Assert.Equal(["a", "b"], await ReadAsync(request).OrBroken("the final delta"));
        Assert.True(request.IsComplete);
    }

    [Fact]
    public async Task Send_SeveralPrompts_EndWithTheLastFinalOneAndSecondFinalsDoNotCount()
    {
        await using IpcTransport transport = await ConnectAsync(_engine);
        (WireRequest frame, PendingRequest request) = await SendAsync(transport, prompts: 2);

        _engine.CurrentInstance.Publish(transport.ChannelId, Delta(frame, "0", isFinal: true, prompt: 0));
        _engine.CurrentInstance.Publish(transport.ChannelId, Delta(frame, "0 again", isFinal: true, prompt: 0));
        _engine.CurrentInstance.Publish(transport.ChannelId, Delta(frame, "no such prompt", isFinal: true, prompt: 7));
        _engine.CurrentInstance.Publish(transport.ChannelId, Delta(frame, "1", isFinal: true, prompt: 1));

        Assert.Equal(["0", "1"], await ReadAsync(request).OrBroken("both final deltas"));
    }

    [Fact]
    public async Task Send_CallerWhoBlocksOnADelta_HoldsUpNobodyElse()
    {
        await using IpcTransport transport = await ConnectAsync(_engine);
        (WireRequest blockedFrame, PendingRequest blocked) = await SendAsync(transport);
        (WireRequest otherFrame, PendingRequest other) = await SendAsync(transport);
        using var gate = new ManualResetEventSlim();
        var isBlocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task blocking = BlockAsync();

        _engine.CurrentInstance.Publish(transport.ChannelId, Delta(blockedFrame, "a"));
        await isBlocked.Task.OrBroken("the caller who blocks");
        _engine.CurrentInstance.Publish(transport.ChannelId, Delta(otherFrame, "b", isFinal: true));
        List<string?> read = await ReadAsync(other).OrBroken("the other caller's answer");
        gate.Set();
        await blocking.OrBroken("the caller who blocks to go on");

        Assert.Equal(["b"], read);

        async Task BlockAsync()
        {
            await blocked.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false);
            isBlocked.SetResult();
            gate.Wait(Limits.Broken);
        }
    }

    [Fact]
    public async Task Send_FinalDeltaWithoutPrompt_EndsTheWholeRequest()
    {
        await using IpcTransport transport = await ConnectAsync(_engine);
        (WireRequest frame, PendingRequest request) = await SendAsync(transport, prompts: 3);

        _engine.CurrentInstance.Publish(transport.ChannelId, Delta(frame, "refused", isFinal: true, prompt: null));

        Assert.Equal(["refused"], await ReadAsync(request).OrBroken("the end of the request"));
    }

    [Fact]
    public async Task Close_RequestsInFlight_AllEndWithTheErrorAfterWhatHadArrived()
    {
        await using IpcTransport transport = await ConnectAsync(_engine);
        PendingRequest[] requests = new PendingRequest[100];
        for (int i = 0; i < requests.Length; i++)
        {
            WireRequest frame = Frame(transport);
            requests[i] = await transport.SendAsync(frame, CancellationToken.None);
            _engine.CurrentInstance.Publish(transport.ChannelId, Delta(frame, "first words"));
        }

        await _engine.CrashAsync().OrBroken("the engine to die");
        ConnectionEnd end = await transport.Ended.OrBroken("the end of the connection");
        var cause = new InvalidOperationException("the engine is gone");
        transport.Close(cause);

        Assert.Equal(ConnectionEndReason.PeerClosed, end.Reason);
        foreach (PendingRequest request in requests)
        {
            Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(request).OrBroken("a request in flight to end")));
        }
    }

    [Fact]
    public async Task Send_AfterClose_ThrowsTheErrorInsteadOfWaiting()
    {
        await using IpcTransport transport = await ConnectAsync(_engine);
        var cause = new InvalidOperationException("the engine is gone");
        transport.Close(cause);

        Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => transport.SendAsync(Frame(transport), CancellationToken.None)));
    }

    [Fact]
    public async Task Release_UnfinishedRequest_CancelsItOnceInTheEngineByChannelAndId()
    {
        await using IpcTransport transport = await ConnectAsync(_engine);
        (WireRequest frame, PendingRequest request) = await SendAsync(transport);

        transport.Release(request);
        transport.Release(request);
        ManagementCommand command = await NextCommandAsync();
        await transport.CommandAsync(new ManagementCommand { Type = "after" }, CancellationToken.None).OrBroken("a later command");

        Assert.Equal(ManagementCommand.CancelRequest, command.Type);
        Assert.Equal(frame.RequestId, command.RequestId);
        Assert.Equal(transport.ChannelId, command.ResponseChannelId);
        Assert.Equal("after", (await NextCommandAsync()).Type);
    }

    [Fact]
    public async Task Release_FinishedRequest_TellsTheEngineNothing()
    {
        await using IpcTransport transport = await ConnectAsync(_engine);
        (WireRequest frame, PendingRequest request) = await SendAsync(transport);
        _engine.CurrentInstance.Publish(transport.ChannelId, Delta(frame, "done", isFinal: true));
        await ReadAsync(request).OrBroken("the final delta");

        transport.Release(request);
        await transport.CommandAsync(new ManagementCommand { Type = "after" }, CancellationToken.None).OrBroken("a later command");

        Assert.Equal("after", (await NextCommandAsync()).Type);
    }

    [Fact]
    public async Task Published_MessageThatCannotBeRead_CostsNothingButItself()
    {
        await using IpcTransport transport = await ConnectAsync(_engine);
        (WireRequest frame, PendingRequest request) = await SendAsync(transport);
        string[] poison = ["", "\ufffd", $"resp:{transport.ChannelId + 1:x}:[]", "__PIE_EVENT__:telemetry", "__PIE_EVENT__:model_loaded\0nonsense"];

        foreach (string message in poison)
        {
            _engine.CurrentInstance.Publish(Encoding.UTF8.GetBytes(message));
        }

        _engine.CurrentInstance.Publish(transport.ChannelId, Delta(frame, "still here", isFinal: true));
        Assert.Equal(["still here"], await ReadAsync(request).OrBroken("the delta behind the poison"));
    }

    [Fact]
    public async Task Published_DeltaThatCannotBeRead_FailsItsRequestAlone()
    {
        await using IpcTransport transport = await ConnectAsync(_engine);
        (WireRequest hit, PendingRequest hitRequest) = await SendAsync(transport);
        (WireRequest spared, PendingRequest sparedRequest) = await SendAsync(transport);

        _engine.CurrentInstance.Publish(Encoding.UTF8.GetBytes($"resp:{transport.ChannelId:x}:{{\"request_id\":{hit.RequestId},\"is_final_delta\":7}}"));
        _engine.CurrentInstance.Publish(transport.ChannelId, Delta(spared, "whole", isFinal: true));

        await Assert.ThrowsAsync<ProtocolException>(() => ReadAsync(hitRequest).OrBroken("the request whose delta is lost"));
        Assert.Equal(["whole"], await ReadAsync(sparedRequest).OrBroken("the other request"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"request_id\":")]
    public async Task Published_DeltaOfNobodyKnowsWhom_FailsEveryRequestRatherThanLosingText(string json)
    {
        await using IpcTransport transport = await ConnectAsync(_engine);
        PendingRequest request = await transport.SendAsync(Frame(transport), CancellationToken.None);

        _engine.CurrentInstance.Publish(Encoding.UTF8.GetBytes($"resp:{transport.ChannelId:x}:{json}"));

        await Assert.ThrowsAsync<ProtocolException>(() => ReadAsync(request).OrBroken("the request to end"));
    }

    [Fact]
    public async Task Send_EngineThatDoesNotRead_CancellationEndsTheCall()
    {
        // Only the headers are exchanged: nobody ever reads what the client writes.
        (Stream requests, Stream requestsPeer) = FullDuplexStream.CreatePair();
        (Stream responses, Stream responsesPeer) = FullDuplexStream.CreatePair();
        (Stream management, Stream managementPeer) = FullDuplexStream.CreatePair();
        await requestsPeer.WriteAsync(Header(0x51));
        await responsesPeer.WriteAsync(Header(0x20));
        await managementPeer.WriteAsync(Header(0x31));
        await using IpcTransport transport = await IpcTransport.OpenAsync(
            requests, responses, management, _ => { }, TimeProvider.System, NullLogger.Instance, CancellationToken.None).OrBroken("the connection");
        using var cancel = new CancellationTokenSource();

        Task<PendingRequest> stuck = transport.SendAsync(Frame(transport, text: new byte[16 * 1024 * 1024]), cancel.Token);
        Assert.False(stuck.IsCompleted);
        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stuck.OrBroken("the cancelled call"));
        Assert.Equal(cancel.Token, error.CancellationToken);

        static byte[] Header(byte protocol) => [0x00, 0x53, 0x50, 0x00, 0x00, protocol, 0x00, 0x00];
    }

    [Fact]
    public async Task Dispose_RequestsInFlight_EndAsDisposedAndASecondDisposeWaits()
    {
        IpcTransport transport = await ConnectAsync(_engine);
        PendingRequest request = await transport.SendAsync(Frame(transport), CancellationToken.None);

        Task first = transport.DisposeAsync().AsTask();
        Task second = transport.DisposeAsync().AsTask();

        await Task.WhenAll(first, second).OrBroken("both disposals");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAsync(request).OrBroken("the request to end"));
    }

    [Fact]
    public async Task Connect_TwoClientsOfOneProcess_HaveTheirOwnChannels()
    {
        await using var other = new FakeEngine(new EngineScript().Answer("ok"));
        await using IpcTransport first = await ConnectAsync(_engine);
        await using IpcTransport second = await ConnectAsync(other);

        Assert.NotEqual(first.ChannelId, second.ChannelId);
        Assert.Equal((uint)Environment.ProcessId, (uint)(first.ChannelId >> 32));
        Assert.NotEqual(first.NextRequestId(), second.NextRequestId());
    }

    private static Task<IpcTransport> ConnectAsync(FakeEngine engine) =>
        engine.CurrentInstance.ConnectAsync(_ => { }, CancellationToken.None).OrBroken("the connection");

    private async Task<ManagementCommand> NextCommandAsync() =>
        (await _engine.NextCommandAsync().OrBroken("a command to reach the engine")).Message;

    private static async Task<(WireRequest Frame, PendingRequest Request)> SendAsync(IpcTransport transport, int prompts = 1)
    {
        WireRequest frame = Frame(transport, prompts);
        return (frame, await transport.SendAsync(frame, CancellationToken.None));
    }

    private static WireRequest Frame(IpcTransport transport, int prompts = 1, byte[]? text = null) =>
        new()
        {
            RequestId = transport.NextRequestId(),
            ModelId = "m",
            ModelPath = "/m",
            ResponseChannelId = transport.ChannelId,
            Prompts = [.. Enumerable.Range(0, prompts).Select(i => new WirePrompt { PromptIndex = i, Text = text ?? "hi"u8.ToArray() })],
        };

    private static ResponseDelta Delta(WireRequest frame, string content, bool isFinal = false, int? prompt = 0) =>
        new() { RequestId = frame.RequestId, PromptIndex = prompt, CandidateIndex = 0, Content = content, IsFinal = isFinal, FinishReason = isFinal ? "stop" : "DELTA" };

    private static async Task<List<string?>> ReadAsync(PendingRequest request)
    {
        var contents = new List<string?>();
        while (await request.WaitToReadAsync(CancellationToken.None))
        {
            while (request.TryRead(out ResponseDelta? delta))
            {
                contents.Add(delta.Content);
            }
        }

        return contents;
    }
}
