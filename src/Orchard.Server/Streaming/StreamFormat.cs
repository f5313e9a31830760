namespace Orchard.Server.Streaming;

/// <summary>How the parts of a streamed response are written.</summary>
internal enum StreamFormat
{
    /// <summary>Server-sent events.</summary>
    ServerSentEvents,

    /// <summary>One JSON object per line.</summary>
    JsonLines,
}
