using System.Buffers.Binary;

namespace Orchard.Protocol.Media;

/// <summary>What the header of an audio file says. Reading it decodes nothing. Immutable.</summary>
/// <param name="Seconds">Duration, possibly estimated; null if the header does not say.</param>
/// <param name="IsCutOff">Whether the end of the file is missing.</param>
internal readonly record struct AudioHeader(double? Seconds, bool IsCutOff = false)
{
    // Kilobits per second of MPEG 1 and 2, layers 3, by the index in the header of a frame.
    private static readonly int[] Rates1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly int[] Rates2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    private static readonly int[] Frequencies = [44_100, 48_000, 32_000];

    /// <summary>Reads the header of an audio file; null if it is damaged.</summary>
    public static AudioHeader? Read(MediaFormat format, ReadOnlySpan<byte> file)
    {
        try
        {
            return format == MediaFormat.Wave ? ReadWave(file)
                : format == MediaFormat.Flac ? ReadFlac(file)
                : ReadMp3(file);
        }
        catch (ArgumentOutOfRangeException)
        {
            return new AudioHeader(null, IsCutOff: true); // a slice beyond the end
        }
    }

    private static AudioHeader? ReadWave(ReadOnlySpan<byte> file)
    {
        uint bytesPerSecond = 0;
        for (long at = 12; ;)
        {
            ReadOnlySpan<byte> chunk = file[(int)Math.Min(at, file.Length)..];
            ReadOnlySpan<byte> type = chunk[..4];
            long length = BinaryPrimitives.ReadUInt32LittleEndian(chunk.Slice(4, 4));
            if (type.SequenceEqual("fmt "u8))
            {
                ReadOnlySpan<byte> format = chunk.Slice(8, 16);
                bytesPerSecond = BinaryPrimitives.ReadUInt32LittleEndian(format[8..12]);
                if (bytesPerSecond == 0
                    || BinaryPrimitives.ReadUInt16LittleEndian(format[2..4]) == 0
                    || BinaryPrimitives.ReadUInt32LittleEndian(format[4..8]) == 0)
                {
                    return null;
                }
            }
            else if (type.SequenceEqual("data"u8))
            {
                // Programs that write a stream do not know its length; they write the largest number.
                long available = chunk.Length - 8;
                bool isUnknown = length > int.MaxValue - (1 << 20);
                return bytesPerSecond == 0 ? null
                    : new AudioHeader(
                        (double)Math.Min(length, available) / bytesPerSecond, IsCutOff: !isUnknown && length > available);
            }

            at += 8 + length + (length & 1);
        }
    }

    private static AudioHeader? ReadFlac(ReadOnlySpan<byte> file)
    {
        if ((file.Slice(4, 1)[0] & 0x7f) != 0)
        {
            return null;
        }

        ulong facts = BinaryPrimitives.ReadUInt64BigEndian(file.Slice(18, 8));
        ulong rate = facts >> 44;
        ulong samples = facts & 0xf_ffff_ffff;
        return rate == 0 ? null : new AudioHeader(samples == 0 ? null : (double)samples / rate, IsCutOff: file.Length <= 42);
    }

    private static AudioHeader? ReadMp3(ReadOnlySpan<byte> file)
    {
        int at = 0;
        if (file.StartsWith("ID3"u8))
        {
            ReadOnlySpan<byte> size = file.Slice(6, 4); // seven bits a byte
            at = 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3]);
            while (file.Slice(at, 1)[0] == 0)
            {
                at++; // padding
            }
        }

        ReadOnlySpan<byte> frame = file[at..];
        byte version = (byte)(frame.Slice(1, 1)[0] >> 3 & 3);
        int rateIndex = frame.Slice(2, 1)[0] >> 4;
        int frequencyIndex = frame[2] >> 2 & 3;
        if (frame[0] != 0xff || (frame[1] & 0xe0) != 0xe0 || version == 1 || rateIndex == 15 || frequencyIndex == 3)
        {
            return null;
        }

        bool isFirst = version == 3;
        double frequency = Frequencies[frequencyIndex] / (isFirst ? 1.0 : version == 2 ? 2 : 4);
        bool isMono = frame.Slice(3, 1)[0] >> 6 == 3;
        int side = 4 + (isFirst ? (isMono ? 17 : 32) : isMono ? 9 : 17);
        if (frame.Length >= side + 12
            && (frame.Slice(side, 4).SequenceEqual("Xing"u8) || frame.Slice(side, 4).SequenceEqual("Info"u8))
            && (frame[side + 7] & 1) != 0)
        {
            return new AudioHeader(BinaryPrimitives.ReadUInt32BigEndian(frame.Slice(side + 8, 4)) * (isFirst ? 1152 : 576) / frequency);
        }

        int rate = (isFirst ? Rates1 : Rates2)[rateIndex] * 1000;
        return new AudioHeader(rate == 0 ? null : (double)frame.Length * 8 / rate);
    }
}
