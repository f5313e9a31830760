using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Tests;

/// <summary>How a client gets its model, on the scripted engine.</summary>
public sealed class ClientLoadTests : IAsyncDisposable
{
    private const string Model = "starter";

    private readonly FakeEngine _engine = new(new EngineScript().Answer("ok"));

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EnsureLoaded_FailsOnce_ThrowsTheReasonAndTheNextCallSucceeds(bool toldByEvent)
    {
        Configure(toldByEvent);
        _engine.Script.Load(request => request.Attempt == 1 ? FakeLoad.Failure("out of memory") : FakeLoad.Success);
        await using Client client = await ConnectAsync();

        var error = await Assert.ThrowsAsync<ModelLoadException>(() => client.Models.EnsureLoadedAsync(Model).OrBroken("the failure"));
        ModelInfo model = await client.Models.EnsureLoadedAsync(Model).OrBroken("the second attempt");

        Assert.Contains("out of memory", error.Message, StringComparison.Ordinal);
        Assert.Equal(Model, error.Model);
        Assert.Equal("fake", model.Architecture);
        Assert.Equal(2, _engine.CountOf(FakeCommandKind.LoadModel));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EnsureLoaded_ManyCallersOfASlowLoad_OneCommandForAll(bool toldByEvent)
    {
        Configure(toldByEvent);
        var gate = new EngineGate();
        _engine.Script.Load(FakeLoad.Success.After(gate));
        await using Client client = await ConnectAsync();

        Task<ModelInfo>[] early = [.. Enumerable.Range(0, 50).Select(_ => client.Models.EnsureLoadedAsync(Model))];
        await gate.Reached.OrBroken("the load command");
        Task<ModelInfo>[] late = [.. Enumerable.Range(0, 50).Select(_ => client.Models.EnsureLoadedAsync(Model))];
        Assert.All([.. early, .. late], call => Assert.False(call.IsCompleted));
        gate.Open();
        await Task.WhenAll([.. early, .. late]).OrBroken("all callers");

        Assert.Equal(1, _engine.CountOf(FakeCommandKind.LoadModel));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EnsureLoaded_LastCallerCancels_CancelsTheLoadAndTheNextCallLoadsAgain(bool toldByEvent)
    {
        Configure(toldByEvent);
        var gate = new EngineGate();
        _engine.Script.Load(request => request.Attempt == 1 ? FakeLoad.Success.After(gate) : FakeLoad.Success);
        await using Client client = await ConnectAsync();
        using var cancel = new CancellationTokenSource();
        Task<ModelInfo> call = client.Models.EnsureLoadedAsync(Model, cancellationToken: cancel.Token);
        await gate.Reached.OrBroken("the load command");

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.OrBroken("the cancelled call"));
        await client.Models.EnsureLoadedAsync(Model).OrBroken("the second attempt");
        Assert.Equal(1, _engine.CountOf(FakeCommandKind.CancelLoad));
        Assert.Equal(2, _engine.CountOf(FakeCommandKind.LoadModel));
    }

    [Fact]
    public async Task EnsureLoaded_EngineDiesOverIt_IsLoadedByTheNextEngine()
    {
        _engine.Script.Load(request => request.Attempt == 1 ? FakeLoad.Crash : FakeLoad.Success);
        await using Client client = await ConnectAsync();
        int processId = _engine.ProcessId;

        ModelInfo model = await client.Models.EnsureLoadedAsync(Model).OrBroken("the model");

        Assert.Equal("fake", model.Architecture);
        Assert.NotEqual(processId, _engine.ProcessId);
        Assert.Equal(2, _engine.CountOf(FakeCommandKind.LoadModel));
    }

    [Fact]
    public async Task EnsureLoaded_EngineDiesOverItAndReplayTurnedOff_ThrowsAndTheNextCallLoadsOnANewEngine()
    {
        _engine.Script.Load(request => request.Attempt == 1 ? FakeLoad.Crash : FakeLoad.Success);
        await using Client client = await _engine.ConnectAsync(new ClientOptions { ReplayUnansweredCalls = false }).OrBroken("the connection");
        int processId = _engine.ProcessId;

        var error = await Assert.ThrowsAsync<EngineDiedException>(() => client.Models.EnsureLoadedAsync(Model).OrBroken("the failure"));
        ChatResult answer = await client.ChatAsync(Model, "Are you there?").OrBroken("the answer of the next engine");

        Assert.Equal(processId, error.ProcessId);
        Assert.NotEqual(processId, _engine.ProcessId);
        Assert.Equal("ok", answer.Text);
        Assert.Equal(2, _engine.CountOf(FakeCommandKind.Register));
    }

    [Fact]
    public async Task EnsureLoaded_TwoEnginesDieOverIt_Throws()
    {
        _engine.Script.Load(FakeLoad.Crash);
        await using Client client = await ConnectAsync();

        await Assert.ThrowsAsync<EngineDiedException>(() => client.Models.EnsureLoadedAsync(Model).OrBroken("the failure"));

        Assert.Equal(2, _engine.CountOf(FakeCommandKind.LoadModel));
    }

    [Fact]
    public async Task EnsureLoaded_ReplyThatCannotBeRead_ThrowsProtocolExceptionAndTheNextCallSucceeds()
    {
        _engine.Script.Load(request => request.Attempt == 1 ? FakeLoad.MalformedReply : FakeLoad.Success);
        await using Client client = await ConnectAsync();

        await Assert.ThrowsAsync<ProtocolException>(() => client.Models.EnsureLoadedAsync(Model).OrBroken("the failure"));
        await client.Models.EnsureLoadedAsync(Model).OrBroken("the second attempt");
    }

    [Fact]
    public async Task EnsureLoaded_EngineNeverSays_EndsByTheCallersCancellation()
    {
        _engine.Script.Load(FakeLoad.Stall);
        await using Client client = await ConnectAsync();
        using var cancel = new CancellationTokenSource();
        Task<ModelInfo> call = client.Models.EnsureLoadedAsync(Model, cancellationToken: cancel.Token);
        await NextAsync(FakeCommandKind.LoadModel);

        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.OrBroken("the cancelled call"));
        Assert.Equal(cancel.Token, error.CancellationToken);
        await NextAsync(FakeCommandKind.CancelLoad);
    }

    private async Task NextAsync(FakeCommandKind kind)
    {
        while ((await _engine.NextCommandAsync().OrBroken($"the command {kind}")).Kind != kind)
        {
        }
    }

    private void Configure(bool toldByEvent)
    {
        if (toldByEvent)
        {
            _engine.Script.HideIdentity();
        }
    }

    private Task<Client> ConnectAsync() => _engine.ConnectAsync().OrBroken("the connection");
}
