using System.Buffers.Binary;

namespace Orchard.Protocol.Media;

/// <summary>What the header of an image says. Reading it decodes nothing. Immutable.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="IsCutOff">Whether the end of the file is missing.</param>
/// <param name="IsAnimated">Whether there is more than one image.</param>
internal readonly record struct ImageHeader(long Width, long Height, bool IsCutOff = false, bool IsAnimated = false)
{
    private static ImageHeader CutOff => new(1, 1, IsCutOff: true);

    private static ReadOnlySpan<byte> JpegEnd => [0xff, 0xd9];

    /// <summary>Reads the header of an image; null if it is damaged.</summary>
    public static ImageHeader? Read(MediaFormat format, ReadOnlySpan<byte> file)
    {
        try
        {
            return format == MediaFormat.Png ? ReadPng(file)
                : format == MediaFormat.Jpeg ? ReadJpeg(file)
                : format == MediaFormat.Gif ? ReadGif(file)
                : ReadBmp(file);
        }
        catch (ArgumentOutOfRangeException)
        {
            return CutOff; // a slice beyond the end
        }
    }

    private static ImageHeader? ReadPng(ReadOnlySpan<byte> file)
    {
        ImageHeader? header = null;
        for (long at = 8; ;)
        {
            ReadOnlySpan<byte> chunk = file[(int)at..];
            long length = BinaryPrimitives.ReadUInt32BigEndian(chunk[..4]);
            ReadOnlySpan<byte> type = chunk.Slice(4, 4);
            if (length + 12 > chunk.Length)
            {
                return header is null && !type.SequenceEqual("IHDR"u8) ? null : CutOff;
            }

            if (type.SequenceEqual("IHDR"u8) && length == 13)
            {
                header = new ImageHeader(
                    BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]), BinaryPrimitives.ReadUInt32BigEndian(chunk[12..16]));
            }
            else if (header is null)
            {
                return null;
            }
            else if (type.SequenceEqual("acTL"u8) && length == 8)
            {
                header = header.Value with { IsAnimated = BinaryPrimitives.ReadUInt32BigEndian(chunk[8..12]) > 1 };
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                return header;
            }

            at += length + 12;
        }
    }

    private static ImageHeader? ReadJpeg(ReadOnlySpan<byte> file)
    {
        ImageHeader? header = null;
        for (int at = 2; ;)
        {
            byte mark = file.Slice(at, 2)[0] == 0xff ? file[at + 1] : (byte)0;
            switch (mark)
            {
                case 0:
                    return null;
                case 0xff:
                    at++; // padding
                    continue;
                case 0x01 or (>= 0xd0 and <= 0xd8):
                    at += 2; // without content
                    continue;
                case 0xd9:
                    return null;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(file.Slice(at + 2, 2));
            ReadOnlySpan<byte> content = file.Slice(at + 4, length - 2);
            if (mark is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc))
            {
                header = new ImageHeader(
                    BinaryPrimitives.ReadUInt16BigEndian(content.Slice(3, 2)), BinaryPrimitives.ReadUInt16BigEndian(content.Slice(1, 2)));
            }
            else if (mark == 0xda)
            {
                return header is { } found ? found with { IsCutOff = file[at..].LastIndexOf(JpegEnd) < 0 } : null;
            }

            at += 2 + length;
        }
    }

    private static ImageHeader? ReadGif(ReadOnlySpan<byte> file)
    {
        var header = new ImageHeader(
            BinaryPrimitives.ReadUInt16LittleEndian(file.Slice(6, 2)), BinaryPrimitives.ReadUInt16LittleEndian(file.Slice(8, 2)));
        int at = 13 + ColorsAfter(file.Slice(10, 1)[0]);
        int images = 0;
        while (at < file.Length)
        {
            switch (file[at])
            {
                case 0x21: // an extension
                    at = SkipBlocks(file, at + 2);
                    break;
                case 0x2c:
                    images++;
                    at = SkipBlocks(file, at + 11 + ColorsAfter(file.Slice(at + 9, 1)[0]));
                    break;
                case 0x3b:
                    return images == 0 ? null : header with { IsAnimated = images > 1 };
                default:
                    return images == 0 ? null : header with { IsAnimated = images > 1 }; // something else after the image
            }
        }

        // The last byte is missing in the files of some programs.
        return images == 0 ? header with { IsCutOff = true } : header with { IsAnimated = images > 1 };
    }

    private static int ColorsAfter(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    private static int SkipBlocks(ReadOnlySpan<byte> file, int at)
    {
        int length;
        do
        {
            length = file.Slice(at, 1)[0];
            at += 1 + length;
        }
        while (length > 0);
        return at;
    }

    private static ImageHeader? ReadBmp(ReadOnlySpan<byte> file)
    {
        long pixels = BinaryPrimitives.ReadUInt32LittleEndian(file.Slice(10, 4));
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(file.Slice(14, 4));
        if (size != 12 && size is < 40 or > 1024)
        {
            return null;
        }

        bool isOld = size == 12;
        long width = isOld
            ? BinaryPrimitives.ReadUInt16LittleEndian(file.Slice(18, 2))
            : BinaryPrimitives.ReadInt32LittleEndian(file.Slice(18, 4));
        long height = isOld
            ? BinaryPrimitives.ReadUInt16LittleEndian(file.Slice(20, 2))
            : Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(file.Slice(22, 4)));
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(file.Slice(isOld ? 24 : 28, 2));
        bool isPlain = isOld || BinaryPrimitives.ReadUInt32LittleEndian(file.Slice(30, 4)) is 0 or 3;
        bool isSmall = width <= MediaLimits.Side && height <= MediaLimits.Side; // otherwise refused for that
        long end = pixels + (((width * bits) + 31) / 32 * 4 * height);
        return width < 0 || bits is 0 or > 32 ? null : new ImageHeader(width, height, IsCutOff: isPlain && isSmall && end > file.Length);
    }
}
