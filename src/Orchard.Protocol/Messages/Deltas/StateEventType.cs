namespace Orchard.Protocol.Messages.Deltas;

/// <summary>The change that a <see cref="StateEvent"/> reports.</summary>
internal enum StateEventType : byte
{
    Unknown,
    ItemStarted,
    ContentDelta,
    ItemCompleted,
}
