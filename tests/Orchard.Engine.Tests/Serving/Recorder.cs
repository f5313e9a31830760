using System.Threading.Channels;
using Orchard.Engine.Serving.Publishing;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;

namespace Orchard.Engine.Tests.Serving;

/// <summary>Records the deltas and events that the engine would send, in order.</summary>
internal sealed class Recorder : IDeltaSink, IEventSink
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Channel<(ulong Channel, ResponseDelta Delta)> _deltas = Channel.CreateUnbounded<(ulong, ResponseDelta)>();
    private readonly Channel<EngineEvent> _events = Channel.CreateUnbounded<EngineEvent>();

    public bool HasEvent => _events.Reader.TryPeek(out _);

    public bool HasDelta => _deltas.Reader.TryPeek(out _);

    public void Queue(ulong responseChannelId, ResponseDelta delta) => _deltas.Writer.TryWrite((responseChannelId, delta));

    public void Flush()
    {
    }

    public void Publish(EngineEvent engineEvent) => _events.Writer.TryWrite(engineEvent);

    public void PublishReplaceable(EngineEvent engineEvent) => Publish(engineEvent);

    public async Task<(ulong Channel, ResponseDelta Delta)> NextAsync() =>
        await _deltas.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    public async Task<EngineEvent> NextEventAsync() => await _events.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    /// <summary>Reads deltas until there were <paramref name="count"/> final ones.</summary>
    public async Task<IReadOnlyList<ResponseDelta>> ReadFinalsAsync(int count)
    {
        List<ResponseDelta> all = [];
        while (all.Count(delta => delta.IsFinal) < count)
        {
            all.Add((await NextAsync()).Delta);
        }

        return all;
    }
}
