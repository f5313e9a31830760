using System.Buffers;

namespace Orchard.Protocol.Messages;

/// <summary>Classifies published messages by their topic. Thread-safe.</summary>
/// <param name="ownChannelId">The reader's response channel.</param>
internal sealed class TopicFilter(ulong ownChannelId)
{
    private readonly byte[] _ownTopic = Topic.ForResponses(ownChannelId);

    /// <summary>
    /// Returns a message's kind and its payload, which follows the topic. The payload of a foreign message is the whole message.
    /// </summary>
    public TopicKind Classify(in ReadOnlySequence<byte> message, out ReadOnlySequence<byte> payload)
    {
        var reader = new SequenceReader<byte>(message);
        TopicKind kind = reader.IsNext(_ownTopic, advancePast: true) ? TopicKind.Response
            : reader.IsNext(Topic.Event, advancePast: true) ? TopicKind.Event
            : reader.IsNext(Topic.Assignment, advancePast: true) ? TopicKind.Assignment
            : TopicKind.Foreign;
        payload = message.Slice(reader.Position);
        return kind;
    }
}
