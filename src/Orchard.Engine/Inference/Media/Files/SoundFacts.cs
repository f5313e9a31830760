using Orchard.Protocol.Media;

namespace Orchard.Engine.Inference.Media.Files;

/// <summary>What the headers of an audio file say.</summary>
/// <param name="Seconds">Duration.</param>
/// <param name="Problem">Why it is damaged; null if it does not seem to be.</param>
internal readonly record struct SoundFacts(double Seconds, string? Problem = null)
{
    private const string Truncated = "it ends too early";
    private const int LeastRate = 1_000;
    private const int GreatestRate = 768_000;
    private const int MostChannels = 32;

    /// <summary>Reads the headers of a file that begins as the format does.</summary>
    public static SoundFacts Read(MediaFormat format, ReadOnlySpan<byte> file)
    {
        var reader = new FileReader(file);
        return format == MediaFormat.Wave ? Wave(reader) : format == MediaFormat.Flac ? Flac(reader) : Mp3(reader);
    }

    private static SoundFacts Damaged(string problem) => new(0, problem);

    private static SoundFacts Of(double samples, long rate, long channels) =>
        rate is < LeastRate or > GreatestRate ? Damaged($"it says that it has {rate:N0} samples per second")
        : channels is < 1 or > MostChannels ? Damaged($"it says that it has {channels:N0} channels")
        : samples < 1 ? Damaged("it contains no sound")
        : new SoundFacts(samples / rate);

    private static SoundFacts Wave(FileReader file)
    {
        if (!file.Has(0, "RIFF"u8))
        {
            return Damaged("it has no header");
        }

        long channels = 0;
        long rate = 0;
        long frameBytes = 0;
        for (long at = 12; at + 8 <= file.Length;)
        {
            long length = file.Little32(at + 4);
            if (file.Has(at, "fmt "u8))
            {
                if (file.Little16(at + 8) is not (1 or 3 or 6 or 7 or 0xfffe) and int format)
                {
                    return Damaged($"its samples are in the format {format}, which is not PCM");
                }

                channels = file.Little16(at + 10);
                rate = file.Little32(at + 12);
                frameBytes = file.Little16(at + 20);
            }
            else if (file.Has(at, "data"u8))
            {
                return frameBytes == 0 ? Damaged("it does not say how its samples are stored")
                    : at + 8 + length > file.Length ? Damaged(Truncated)
                    : Of(length / frameBytes, rate, channels);
            }

            at += 8 + length + (length & 1);
        }

        return Damaged(Truncated);
    }

    private static SoundFacts Flac(FileReader file)
    {
        if (file.Length < 42 || (file.ByteAt(4) & 0x7f) != 0)
        {
            return Damaged("it has no header");
        }

        long bits = (file.Big32(18) << 32) | file.Big32(22); // rate, channels, bits per sample and number of samples
        long samples = bits & 0xf_ffff_ffff;
        return samples == 0
            ? Damaged("it does not say how long it is")
            : Of(samples, (bits >> 44) & 0xf_ffff, ((bits >> 41) & 7) + 1);
    }

    private static SoundFacts Mp3(FileReader file)
    {
        const int MostBefore = 64 << 10; // before the first frame
        const int MostAfter = 512 << 10; // after the last one, where tags can be
        long start = file.Has(0, "ID3"u8) ? AfterTag(file) : 0;
        long first = start;
        while (first < file.Length && first < start + MostBefore && !IsFollowed(file, first))
        {
            first++;
        }

        double seconds = 0;
        long at = first;
        while (Mp3Frame.Read(file, at) is { } frame)
        {
            seconds += frame.Seconds;
            at += frame.Bytes;
        }

        return seconds == 0 ? Damaged("it contains no sound")
            : file.Length - at > MostAfter ? Damaged("there is something else between its frames")
            : new SoundFacts(seconds);
    }

    private static bool IsFollowed(FileReader file, long at) =>
        Mp3Frame.Read(file, at) is { } frame && (at + frame.Bytes >= file.Length || Mp3Frame.Read(file, at + frame.Bytes) is not null);

    private static long AfterTag(FileReader file)
    {
        long length = 0;
        for (int i = 6; i < 10; i++)
        {
            length = (length << 7) | (long)(file.ByteAt(i) & 0x7f);
        }

        return 10 + length;
    }
}
