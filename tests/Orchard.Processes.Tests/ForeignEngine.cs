using System.Buffers;
using System.Collections.Concurrent;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Sockets;

namespace Orchard.EndToEnd.Tests;

/// <summary>An engine on the sockets of a namespace that answers commands as the test says, and does nothing else.</summary>
internal sealed class ForeignEngine : IAsyncDisposable, ISubscriberObserver
{
    private readonly UnixSocketListener[] _listeners;

    public ForeignEngine(string folder, Func<ManagementCommand, ManagementReply> onCommand)
    {
        EngineRoot root = EngineRoot.At(folder);
        root.Create();
        ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlySequence<byte> request, CancellationToken cancellationToken)
        {
            ManagementCommand command = ManagementJson.DecodeCommand(request);
            Commands.Enqueue(command);
            return new(ManagementJson.Encode(onCommand(command)));
        }

        _listeners =
        [
            UnixSocketListener.Start(root.ResponseSocket, new PubSocket(SpOptions.Default, this)),
            UnixSocketListener.Start(root.RequestSocket, new PullSocket(_ => ValueTask.CompletedTask, SpOptions.Default)),
            UnixSocketListener.Start(root.ManagementSocket, new RepSocket(AnswerAsync, SpOptions.Default)),
        ];
    }

    public static ManagementReply Ok { get; } = new() { Status = ManagementReply.OkStatus };

    public ConcurrentQueue<ManagementCommand> Commands { get; } = new();

    public static ManagementReply Refuse(string message) => new() { Status = ManagementReply.ErrorStatus, Message = message };

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
}
