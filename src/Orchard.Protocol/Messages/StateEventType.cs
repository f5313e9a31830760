namespace Orchard.Protocol.Messages;

/// <summary>What a <see cref="StateEvent"/> tells about its item.</summary>
internal enum StateEventType : byte
{
    Unknown,
    ItemStarted,
    ContentDelta,
    ItemCompleted,
}
