using Orchard.Engine.Serving.Responses;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Serving.Requests;

/// <summary>Assigns sequence ids, which are unique within the engine. Thread-safe.</summary>
internal sealed class SequenceAddresses
{
    private ulong _lastId;

    public SequenceAddress Next(WireRequest request, int promptIndex, int candidate) => new(
        request.ResponseChannelId, request.RequestId, Interlocked.Increment(ref _lastId), promptIndex, candidate);
}
