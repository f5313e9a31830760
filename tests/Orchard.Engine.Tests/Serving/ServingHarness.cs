using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Serving.Clients;
using Orchard.Engine.Serving.Management;
using Orchard.Engine.Serving.Models;
using Orchard.Engine.Serving.Publishing;
using Orchard.Engine.Serving.Requests;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Sockets;

namespace Orchard.Engine.Tests.Serving;

/// <summary>The engine's handlers with a scripted model and without sockets.</summary>
internal sealed class ServingHarness : IAsyncDisposable
{
    public const int ClientPid = 77;
    public const ulong Channel = ((ulong)ClientPid << 32) | 5;
    public const string ModelId = "model";

    private readonly TempDirectory _directory = new();
    private ulong _requests = 100;

    public ServingHarness(FakeModelLoader? loader = null)
    {
        Loader = loader ?? new FakeModelLoader();
        ModelPath = _directory.File("model.gguf");
        Active = new ActiveRequests(Time);
        Leases = new ClientLeases(Processes);
        Models = new LoadedModels(Loader, Recorder, Recorder.Flush, Time, NullLogger.Instance);
        Channels = new ClientChannels((channel, _) => Active.CancelChannel(channel));
        Requests = new RequestHandler(Models, Active, Channels, Recorder, NullLogger.Instance);
        Management = new ManagementHandler(Models, Active, Leases, Channels, "test", NullLogger.Instance);
    }

    public FakeTimeProvider Time { get; } = new();

    public Recorder Recorder { get; } = new();

    public FakeProcesses Processes { get; } = new();

    public FakeModelLoader Loader { get; }

    public string ModelPath { get; }

    public TempDirectory Files => _directory;

    public ActiveRequests Active { get; }

    public ClientLeases Leases { get; }

    public ClientChannels Channels { get; }

    /// <summary>The process that all commands and requests come from.</summary>
    public PeerProcess Sender { get; set; } = new(IsReported: true, ClientPid);

    public LoadedModels Models { get; }

    public RequestHandler Requests { get; }

    public ManagementHandler Management { get; }

    public static WirePrompt Prompt(string text = "Hello>") => new() { Text = Encoding.UTF8.GetBytes(text), Temperature = 0 };

    public ManagementCommand LoadCommand(bool wait = false, string id = ModelId, string? path = null) => new()
    {
        Type = ManagementCommand.LoadModel,
        RequestedId = "requested",
        CanonicalId = id,
        ModelPath = path ?? ModelPath,
        WaitForCompletion = wait,
    };

    public async Task<ManagementReply> ExecuteAsync(ManagementCommand command) =>
        await Management.ExecuteAsync(command, Sender, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async Task LoadAsync() => Assert.Equal(ManagementReply.OkStatus, (await ExecuteAsync(LoadCommand(wait: true))).Status);

    public WireRequest Request(params WirePrompt[] prompts) => new()
    {
        RequestId = _requests++,
        ModelId = ModelId,
        ModelPath = ModelPath,
        ResponseChannelId = Channel,
        Prompts = prompts.Length == 0 ? [Prompt()] : prompts,
    };

    public async Task SendAsync(WireRequest request) => await Requests.HandleAsync(request, Sender).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        Loader.Decoder?.OpenGate();
        await Requests.DisposeAsync();
        await Models.DisposeAsync();
        Loader.Dispose();
        _directory.Dispose();
    }
}
