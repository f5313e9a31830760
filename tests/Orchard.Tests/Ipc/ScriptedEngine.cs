using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Nerdbank.Streams;
using Orchard.Ipc;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Sockets;
using Orchard.TestSupport;

namespace Orchard.Tests.Ipc;

/// <summary>The engine's side of the three connections, in memory: it does what the test tells it, byte by byte if need be.</summary>
internal sealed class ScriptedEngine : IAsyncDisposable
{
    private readonly Channel<RequestFrame> _requests = Channel.CreateUnbounded<RequestFrame>();
    private readonly Channel<ManagementCommand> _commands = Channel.CreateUnbounded<ManagementCommand>();
    private readonly PubSocket _responses = new(SpOptions.Default);
    private readonly CancellationTokenSource _closing = new();
    private readonly List<Stream> _streams = [];
    private readonly List<Task> _connections = [];
    private Task _hold = Task.CompletedTask;

    /// <summary>Answers commands; by default everything is fine.</summary>
    public Func<ManagementCommand, ManagementReply> OnCommand { get; set; } = _ => new ManagementReply { Status = ManagementReply.OkStatus };

    public async Task<IpcTransport> ConnectAsync(Action<EngineEvent>? onEvent = null)
    {
        Stream requests = Serve(new PullSocket(TakeRequest, SpOptions.Default));
        Stream responses = Serve(_responses);
        Stream management = Serve(new RepSocket(Answer, SpOptions.Default));
        return await IpcTransport.OpenAsync(
            requests, responses, management, onEvent ?? (_ => { }), TimeProvider.System, NullLogger.Instance, CancellationToken.None).OrBroken("the connection");
    }

    /// <summary>From the first request on, reads no further ones until the source is completed.</summary>
    public TaskCompletionSource HoldRequests()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _hold = hold.Task;
        return hold;
    }

    public Task<RequestFrame> NextRequestAsync() => _requests.Reader.ReadAsync().AsTask().OrBroken("a request to reach the engine");

    public Task<ManagementCommand> NextCommandAsync() => _commands.Reader.ReadAsync().AsTask().OrBroken("a command to reach the engine");

    public void Publish(ulong channel, ResponseDelta delta)
    {
        var bytes = new ArrayBufferWriter<byte>();
        ResponseDeltaWriter.Write(channel, delta, bytes);
        Publish(bytes.WrittenSpan);
    }

    public void Publish(ReadOnlySpan<byte> message) => _responses.Publish(message);

    /// <summary>Ends all connections, as a process that dies does.</summary>
    public async Task DieAsync()
    {
        foreach (Stream stream in _streams)
        {
            await stream.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await DieAsync();
        await Task.WhenAll(_connections).OrBroken("the engine's side of the connections to end");
    }

    private Stream Serve(ISpServer server)
    {
        (Stream client, Stream engine) = FullDuplexStream.CreatePair();
        _streams.Add(engine);
        _connections.Add(server.ServeAsync(engine, _closing.Token));
        return client;
    }

    private async ValueTask TakeRequest(ReadOnlySequence<byte> message)
    {
        _requests.Writer.TryWrite(RequestFrameReader.Read(message));
        await _hold;
    }

    private ValueTask<ReadOnlyMemory<byte>> Answer(ReadOnlySequence<byte> request, CancellationToken cancellationToken)
    {
        ManagementCommand command = ManagementJson.DecodeCommand(request);
        _commands.Writer.TryWrite(command);
        return new(ManagementJson.Encode(OnCommand(command)));
    }
}
