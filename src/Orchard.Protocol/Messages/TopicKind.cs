namespace Orchard.Protocol.Messages;

/// <summary>The kind of a published message according to its topic.</summary>
internal enum TopicKind
{
    /// <summary>A response to the reader's channel.</summary>
    Response,

    /// <summary>An event for all clients.</summary>
    Event,

    /// <summary>The assignment of a response channel to the reader.</summary>
    Assignment,

    /// <summary>A response to another client, or an unknown topic.</summary>
    Foreign,
}
