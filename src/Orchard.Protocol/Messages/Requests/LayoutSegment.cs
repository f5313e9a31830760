namespace Orchard.Protocol.Messages.Requests;

/// <summary>One segment of the order of text and media in a prompt. The length of a capability is ignored and written as 0.</summary>
internal readonly record struct LayoutSegment(LayoutSegmentType Type, long Length);
