namespace Orchard.Protocol.Messages;

/// <summary>One step of the order in which text and media follow each other. A capability's length is ignored and written as 0.</summary>
internal readonly record struct LayoutSegment(LayoutSegmentType Type, long Length);
