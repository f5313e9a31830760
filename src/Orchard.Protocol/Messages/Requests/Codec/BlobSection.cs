using System.Buffers.Binary;

namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>The blob section of a received request. Every slice is checked against its bounds.</summary>
/// <exception cref="WireException">Thrown by every member for a range that does not fit. The message starts with the field.</exception>
internal sealed class BlobSection(ReadOnlyMemory<byte> bytes)
{
    // Tables are expanded to lists. Without this budget many prompts could refer to one table and have it expanded many times.
    private long _tableBytesLeft = bytes.Length;

    public ReadOnlyMemory<byte> Slice(string field, ulong offset, ulong size)
    {
        var length = (ulong)bytes.Length;
        return size <= length && offset <= length - size
            ? bytes.Slice((int)offset, (int)size)
            : throw new WireException($"{field}: {size} bytes at {offset} do not fit the blob section of {length} bytes.");
    }

    /// <summary>Splits <paramref name="dataSize"/> bytes of media into buffers of the lengths in the size table.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> SliceMedia(string kind, ulong dataOffset, ulong dataSize, ulong sizesOffset, ulong count)
    {
        ReadOnlyMemory<byte> data = Slice(kind + "_data", dataOffset, dataSize);
        ReadOnlySpan<byte> sizes = SliceTable(kind + "_sizes", sizesOffset, count, LayoutRules.SpanSize).Span;
        var buffers = new ReadOnlyMemory<byte>[(int)count];
        for (int i = 0; i < buffers.Length; i++)
        {
            ulong size = BinaryPrimitives.ReadUInt64LittleEndian(sizes[(i * LayoutRules.SpanSize)..]);
            buffers[i] = TakeFront(kind, ref data, size);
        }

        RequireUsedUp(kind, data);
        return buffers;
    }

    public IReadOnlyList<CapabilityInput> SliceCapabilities(ulong dataOffset, ulong dataSize, List<PromptMetadata.CapabilityObject> entries)
    {
        ReadOnlyMemory<byte> data = Slice("capability_data", dataOffset, dataSize);
        var capabilities = new CapabilityInput[entries.Count];
        for (int i = 0; i < capabilities.Length; i++)
        {
            PromptMetadata.CapabilityObject entry = entries[i];
            string name = entry.Name ?? throw new WireException("capabilities: an entry has no name.");
            capabilities[i] = new CapabilityInput(name, entry.Position, TakeFront("capability", ref data, entry.PayloadSize));
        }

        RequireUsedUp("capability", data);
        return capabilities;
    }

    public IReadOnlyList<LayoutSegment> ReadLayout(ulong offset, ulong count)
    {
        ReadOnlySpan<byte> table = SliceTable("layout", offset, count, LayoutRules.RecordSize).Span;
        var layout = new LayoutSegment[(int)count];
        for (int i = 0; i < layout.Length; i++)
        {
            ReadOnlySpan<byte> record = table.Slice(i * LayoutRules.RecordSize, LayoutRules.RecordSize);
            var type = (LayoutSegmentType)record[0];

            // Senders write different lengths for a capability. Its actual size is in the capability list.
            long length = type == LayoutSegmentType.Capability ? 0 : BinaryPrimitives.ReadInt64LittleEndian(record[8..]);
            layout[i] = new LayoutSegment(type, length);
        }

        return layout;
    }

    private ReadOnlyMemory<byte> SliceTable(string field, ulong offset, ulong count, int entrySize)
    {
        if (count > (ulong)_tableBytesLeft / (ulong)entrySize)
        {
            throw new WireException($"{field}: {count} entries of {entrySize} bytes are more than the blob section can hold.");
        }

        ulong size = count * (ulong)entrySize;
        _tableBytesLeft -= (long)size;
        return Slice(field, offset, size);
    }

    private static ReadOnlyMemory<byte> TakeFront(string kind, ref ReadOnlyMemory<byte> data, ulong size)
    {
        if (size > (ulong)data.Length)
        {
            throw new WireException($"{kind}: a size of {size} bytes exceeds the remaining {data.Length} bytes.");
        }

        ReadOnlyMemory<byte> front = data[..(int)size];
        data = data[(int)size..];
        return front;
    }

    private static void RequireUsedUp(string kind, ReadOnlyMemory<byte> rest)
    {
        if (!rest.IsEmpty)
        {
            throw new WireException($"{kind}: the sizes leave {rest.Length} bytes of data unused.");
        }
    }
}
