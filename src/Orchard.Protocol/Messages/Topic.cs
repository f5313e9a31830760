using System.Buffers;

namespace Orchard.Protocol.Messages;

internal enum TopicKind
{
    /// <summary>A response to this reader's own channel.</summary>
    Response,

    /// <summary>An event of the engine.</summary>
    Event,

    /// <summary>Somebody else's, or nothing we know.</summary>
    Foreign,
}

/// <summary>Tells what a published message is by its first bytes.</summary>
/// <param name="ownChannelId">The reader's response channel.</param>
internal sealed class TopicFilter(ulong ownChannelId)
{
    /// <summary>Splits a message into its kind and what follows the topic.</summary>
    public TopicKind Classify(in ReadOnlySequence<byte> message, out ReadOnlySequence<byte> payload)
    {
        _ = ownChannelId;
        throw new NotImplementedException();
    }
}
