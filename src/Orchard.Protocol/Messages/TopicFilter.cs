using System.Buffers;

namespace Orchard.Protocol.Messages;

/// <summary>Tells what a published message is by its first bytes. Safe for use from any thread.</summary>
/// <param name="ownChannelId">The reader's response channel.</param>
internal sealed class TopicFilter(ulong ownChannelId)
{
    private readonly byte[] _ownTopic = Topic.ForResponses(ownChannelId);

    /// <summary>Splits a message into its kind and what follows the topic. A foreign message's payload is the whole message.</summary>
    public TopicKind Classify(in ReadOnlySequence<byte> message, out ReadOnlySequence<byte> payload)
    {
        var reader = new SequenceReader<byte>(message);
        TopicKind kind = reader.IsNext(_ownTopic, advancePast: true) ? TopicKind.Response
            : reader.IsNext(Topic.Event, advancePast: true) ? TopicKind.Event
            : TopicKind.Foreign;
        payload = message.Slice(reader.Position);
        return kind;
    }
}
