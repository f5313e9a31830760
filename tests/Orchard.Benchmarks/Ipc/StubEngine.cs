using System.Buffers;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;
using Orchard.Protocol.Sockets;

namespace Orchard.Benchmarks.Ipc;

/// <summary>
/// The engine without the model: the real sockets, the real reading and writing of messages, and an answer of one token, or of as many as
/// are allowed, at once. For a process of its own.
/// </summary>
internal sealed class StubEngine : IAsyncDisposable, ISubscriberObserver
{
    private const string Text = " Paris";

    private static readonly StateEvent[] Continuation = [new(StateEventType.ContentDelta, OutputItemType.Message, 0, "message", Delta: Text)];

    private readonly PubSocket _responses;
    private readonly ArrayBufferWriter<byte> _buffer = new(1024); // used by the one client's read loop
    private readonly List<UnixSocketListener> _listeners = [];

    public StubEngine(string directory)
    {
        EngineRoot root = EngineRoot.At(directory);
        root.Create();
        _responses = new PubSocket(SpOptions.Default, this);
        _listeners.Add(UnixSocketListener.Start(root.ResponseSocket, _responses));
        _listeners.Add(UnixSocketListener.Start(root.RequestSocket, new PullSocket(OnRequest, SpOptions.Default)));
        _listeners.Add(UnixSocketListener.Start(root.ManagementSocket, new RepSocket(OnCommand, SpOptions.Default)));
    }

    /// <summary>What our engine sends for the first token.</summary>
    public static ResponseDelta FirstDelta(ulong requestId) => new()
    {
        RequestId = requestId,
        SequenceId = 1,
        PromptIndex = 0,
        CandidateIndex = 0,
        Content = Text,
        FinishReason = FinishReasons.Delta,
        PromptTokenCount = 40,
        CachedTokenCount = 0,
        TokensInDelta = 1,
        GenerationLength = 1,
        Tokens = [1000],
        StateEvents =
        [
            new StateEvent(StateEventType.ItemStarted, OutputItemType.Message, 0, "message"),
            new StateEvent(StateEventType.ContentDelta, OutputItemType.Message, 0, "message", Delta: Text),
        ],
    };

    public void OnJoining(PubSubscriber subscriber) => subscriber.Queue(Topic.ForAssignment(ResponseChannel.Assign()));

    public void OnLeft(PubSubscriber subscriber)
    {
    }

    public async ValueTask DisposeAsync()
    {
        foreach (UnixSocketListener listener in _listeners)
        {
            await listener.DisposeAsync();
        }
    }

    private ValueTask OnRequest(ReadOnlySequence<byte> message)
    {
        WireRequest request = WireRequestReader.Read(message);
        ResponseDelta delta = FirstDelta(request.RequestId);
        Publish(request.ResponseChannelId, delta);
        int tokens = Math.Max(1, request.Prompts[0].MaxGeneratedTokens);
        for (int token = 2; token <= tokens; token++)
        {
            Publish(request.ResponseChannelId, delta with { GenerationLength = token, StateEvents = Continuation });
        }

        Publish(request.ResponseChannelId, delta with
        {
            Content = "",
            IsFinal = true,
            FinishReason = FinishReasons.Stop,
            GenerationLength = tokens,
            TokensInDelta = 0,
            Tokens = null,
            StateEvents = null,
        });
        return ValueTask.CompletedTask;
    }

    private void Publish(ulong channel, ResponseDelta delta)
    {
        _buffer.ResetWrittenCount();
        ResponseDeltaWriter.Write(channel, delta, _buffer);
        _responses.Publish(_buffer.WrittenSpan);
    }

    private static ValueTask<ReadOnlyMemory<byte>> OnCommand(ReadOnlySequence<byte> command, CancellationToken cancellationToken)
    {
        ManagementReplyData? data = ManagementJson.DecodeCommand(command).Type switch
        {
            ManagementCommand.ClientRegister => new ManagementReplyData
            {
                ClientRegister = new EngineIdentity { ProcessId = Environment.ProcessId, ProtocolVersion = ProtocolVersion.Current, Version = "stub" },
            },
            ManagementCommand.LoadModel => new ManagementReplyData { LoadModel = new LoadedModel() },
            _ => null,
        };
        return ValueTask.FromResult<ReadOnlyMemory<byte>>(ManagementJson.Encode(new ManagementReply { Status = ManagementReply.OkStatus, Data = data }));
    }
}
