using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Tests.Serving;
using Orchard.Protocol;
using Orchard.Protocol.Files;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests;

/// <summary>What becomes of a loaded model whose file is deleted, replaced or overwritten.</summary>
public sealed class EngineModelFileTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeModelLoader _loader = new() { GatesDecodes = true };

    public static bool IsSupported => FileStat.IsSupported;

    private EngineRoot Root => EngineRoot.At(_directory.Path);

    private string ModelPath => Path.Combine(_directory.Path, "m", "model.gguf");

    public void Dispose()
    {
        _loader.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Request_FileDeleted_IsAnswered()
    {
        await using EngineHost host = await StartAsync();
        await using EngineClient client = await LoadedAsync();
        File.Delete(ModelPath);

        _loader.Decoder!.OpenGate();
        await client.SendAsync(Request(client, 1));

        Assert.Equal(FinishReasons.Stop, (await client.ReadSequenceAsync())[^1].FinishReason);
        Assert.Equal(1, _loader.Loads);
    }

    [Theory(Skip = "files have no identity here", SkipUnless = nameof(IsSupported))]
    [InlineData("renamed")]
    [InlineData("overwritten")]
    public async Task Request_FileChanged_IsRefusedAsNotLoadedAndTheNextLoadReadsTheFile(string change)
    {
        await using EngineHost host = await StartAsync();
        await using EngineClient client = await LoadedAsync();
        Change(change);

        await client.SendAsync(Request(client, 1));
        Assert.Equal(ErrorCode.ModelNotLoaded, Assert.Single(await client.ReadSequenceAsync()).Extras?.ErrorCode);

        Assert.Equal(ManagementReply.OkStatus, (await client.ExecuteAsync(Load())).Status);
        Assert.Equal(2, _loader.Loads);
        _loader.Decoder!.OpenGate();
        await client.SendAsync(Request(client, 2));
        Assert.Equal(FinishReasons.Stop, (await client.ReadSequenceAsync())[^1].FinishReason);
    }

    [Theory(Skip = "files have no identity here", SkipUnless = nameof(IsSupported))]
    [InlineData(ManagementCommand.Tokenize)]
    [InlineData(ManagementCommand.LoadModel)]
    public async Task Command_FileChanged_DoesNotUseTheOldModel(string command)
    {
        await using EngineHost host = await StartAsync();
        await using EngineClient client = await LoadedAsync();
        Change("renamed");

        ManagementReply reply = await client.ExecuteAsync(
            command == ManagementCommand.LoadModel ? Load() : new ManagementCommand { Type = command, CanonicalId = "model", Texts = ["a"] });

        Assert.Equal(
            command == ManagementCommand.LoadModel ? (2, null) : (1, ErrorCode.ModelNotLoaded), (_loader.Loads, reply.ErrorCode));
    }

    [Fact(Skip = "files have no identity here", SkipUnless = nameof(IsSupported))]
    public async Task RunningSequence_FileReplaced_IsFinishedWithTheOldModel()
    {
        await using EngineHost host = await StartAsync();
        await using EngineClient client = await LoadedAsync();
        await client.SendAsync(Request(client, 1));
        var old = _loader.Decoder!;
        await old.EnteredAsync();
        Change("renamed");

        Assert.Equal(ManagementReply.OkStatus, (await client.ExecuteAsync(Load())).Status);
        Assert.NotSame(old, _loader.Decoder);
        old.OpenGate();

        IReadOnlyList<ResponseDelta> deltas = await client.ReadSequenceAsync();
        Assert.Equal("Paris.", string.Concat(deltas.Select(delta => delta.Content)));
        Assert.Equal(FinishReasons.Stop, deltas[^1].FinishReason);
        using var limit = new CancellationTokenSource(Limits.Broken);
        while (!old.IsDisposed)
        {
            Assert.False(limit.IsCancellationRequested, "The old model was not freed.");
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }

    [Fact(Skip = "files have no identity here", SkipUnless = nameof(IsSupported))]
    public async Task RunningSequence_MappedFileOverwritten_EndsWithTheReason()
    {
        await using EngineHost host = await StartAsync();
        await using EngineClient client = await LoadedAsync();
        await client.SendAsync(Request(client, 1));
        var old = _loader.Decoder!;
        await old.EnteredAsync();
        Change("overwritten");

        Assert.Equal(ManagementReply.OkStatus, (await client.ExecuteAsync(Load())).Status);
        old.OpenGate();

        ResponseDelta end = (await client.ReadSequenceAsync())[^1];
        Assert.Equal(ErrorCode.ModelChanged, end.Extras?.ErrorCode);
        Assert.Contains(ModelPath, end.Extras?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact(Skip = "files have no identity here", SkipUnless = nameof(IsSupported))]
    public async Task RunningSequence_FileThatIsNotMappedOverwritten_IsFinished()
    {
        await using EngineHost host = await StartAsync();
        await using EngineClient client = await LoadedAsync(mapped: false);
        await client.SendAsync(Request(client, 1));
        var old = _loader.Decoder!;
        await old.EnteredAsync();
        Change("overwritten");

        Assert.Equal(ManagementReply.OkStatus, (await client.ExecuteAsync(Load())).Status);
        old.OpenGate();

        Assert.Equal(FinishReasons.Stop, (await client.ReadSequenceAsync())[^1].FinishReason);
    }

    private void Change(string change)
    {
        if (change == "renamed")
        {
            File.WriteAllText(ModelPath + ".new", "another model");
            File.Move(ModelPath + ".new", ModelPath, overwrite: true);
        }
        else
        {
            File.WriteAllText(ModelPath, "another model");
        }
    }

    private Task<EngineHost> StartAsync() => EngineHost.StartAsync(
        new EngineOptions { Root = Root }, new EngineFiles(Root), _loader, new FakeProcesses(), _time, NullLoggerFactory.Instance);

    private async Task<EngineClient> LoadedAsync(bool mapped = true)
    {
        _directory.File("m/model.gguf", "a model");
        EngineClient client = await EngineClient.ConnectAsync(Root, (501ul << 32) | 1);
        ManagementReply reply = await client.ExecuteAsync(
            Load() with { Extensions = mapped ? null : new LoadExtensions { UsesMemoryMap = false } });
        Assert.Equal(ManagementReply.OkStatus, reply.Status);
        return client;
    }

    private ManagementCommand Load() => new()
    {
        Type = ManagementCommand.LoadModel,
        CanonicalId = "model",
        RequestedId = "model",
        ModelPath = ModelPath,
        WaitForCompletion = true,
    };

    private static WireRequest Request(EngineClient client, ulong id) => new()
    {
        RequestId = id,
        ModelId = "model",
        ModelPath = "unused",
        ResponseChannelId = client.ChannelId,
        Prompts = [ServingHarness.Prompt()],
    };
}
