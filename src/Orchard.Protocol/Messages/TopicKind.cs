namespace Orchard.Protocol.Messages;

/// <summary>What a published message is, told by its topic.</summary>
internal enum TopicKind
{
    /// <summary>A response to this reader's own channel.</summary>
    Response,

    /// <summary>An event of the engine.</summary>
    Event,

    /// <summary>Somebody else's, or nothing we know.</summary>
    Foreign,
}
