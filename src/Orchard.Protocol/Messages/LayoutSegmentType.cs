namespace Orchard.Protocol.Messages;

/// <summary>What a layout segment takes next. The numbers are the wire codes.</summary>
internal enum LayoutSegmentType : byte
{
    Text = 0,
    Image = 1,
    Audio = 2,
    Capability = 3,
}
