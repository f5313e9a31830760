using System.Buffers;
using System.Buffers.Binary;

namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>Writes blobs at the offsets of their <see cref="PromptPlacement"/> and fills the gaps with zeros.</summary>
internal sealed class BlobSectionWriter(IBufferWriter<byte> writer)
{
    private long _position;

    public void Write(WirePrompt prompt, in PromptPlacement placement)
    {
        PadTo(placement.Text);
        prompt.Text.WriteTo(writer);
        _position += prompt.Text.Length;
        WriteMedia(prompt.Images, placement.ImageSizes, placement.ImageData);
        WriteMedia(prompt.Audio, placement.AudioSizes, placement.AudioData);
        PadTo(placement.CapabilityData);
        foreach (CapabilityInput capability in prompt.Capabilities)
        {
            Write(capability.Payload.Span);
        }

        PadTo(placement.Layout);
        foreach (LayoutSegment segment in placement.LayoutSegments)
        {
            WriteRecord(segment);
        }
    }

    private void WriteMedia(IReadOnlyList<ReadOnlyMemory<byte>> buffers, BlobRange sizes, BlobRange data)
    {
        PadTo(sizes);
        foreach (ReadOnlyMemory<byte> buffer in buffers)
        {
            Span<byte> span = writer.GetSpan(LayoutRules.SpanSize);
            BinaryPrimitives.WriteInt64LittleEndian(span, buffer.Length);
            Advance(LayoutRules.SpanSize);
        }

        PadTo(data);
        foreach (ReadOnlyMemory<byte> buffer in buffers)
        {
            Write(buffer.Span);
        }
    }

    private void WriteRecord(LayoutSegment segment)
    {
        Span<byte> record = writer.GetSpan(LayoutRules.RecordSize)[..LayoutRules.RecordSize];
        record.Clear();
        record[0] = (byte)segment.Type;
        long length = segment.Type == LayoutSegmentType.Capability ? 0 : segment.Length;
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], length);
        Advance(LayoutRules.RecordSize);
    }

    private void PadTo(BlobRange range)
    {
        if (range.Size == 0)
        {
            return;
        }

        int gap = checked((int)(range.Offset - _position));
        if (gap > 0)
        {
            writer.GetSpan(gap)[..gap].Clear();
            Advance(gap);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        writer.Write(bytes);
        _position += bytes.Length;
    }

    private void Advance(int count)
    {
        writer.Advance(count);
        _position += count;
    }
}
