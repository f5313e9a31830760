namespace Orchard.Protocol.Messages.Requests;

/// <summary>The kind of a layout segment. The values are the codes on the wire.</summary>
internal enum LayoutSegmentType : byte
{
    Text = 0,
    Image = 1,
    Audio = 2,
    Capability = 3,
}
