namespace Orchard.Engine.Inference.Media.Files;

/// <summary>The header of a frame of MPEG audio.</summary>
/// <param name="Bytes">Length of the frame.</param>
/// <param name="Seconds">Its duration.</param>
internal readonly record struct Mp3Frame(int Bytes, double Seconds)
{
    private const int Header = 4;

    /// <summary>Returns the frame at a place; null if there is none.</summary>
    public static Mp3Frame? Read(FileReader file, long at)
    {
        if (at + Header > file.Length)
        {
            return null;
        }

        byte second = file.ByteAt(at + 1);
        byte third = file.ByteAt(at + 2);
        int version = (second >> 3) & 3; // 0: MPEG 2.5, 2: MPEG 2, 3: MPEG 1
        int layer = 4 - ((second >> 1) & 3);
        int bitRate = BitRate(version == 3, layer, third >> 4);
        int rate = SampleRate(version, (third >> 2) & 3);
        if (file.ByteAt(at) != 0xff || (second & 0xe0) != 0xe0 || version == 1 || layer == 4 || bitRate == 0 || rate == 0)
        {
            return null;
        }

        int padding = (third >> 1) & 1;
        int samples = layer == 1 ? 384 : layer == 3 && version != 3 ? 576 : 1152;
        int bytes = layer == 1
            ? ((12 * bitRate * 1000 / rate) + padding) * 4
            : (samples / 8 * bitRate * 1000 / rate) + padding;
        return new Mp3Frame(Math.Max(bytes, Header), (double)samples / rate);
    }

    private static int SampleRate(int version, int index)
    {
        int first = index switch { 0 => 44_100, 1 => 48_000, 2 => 32_000, _ => 0 };
        return version switch { 3 => first, 2 => first / 2, _ => first / 4 };
    }

    // In kilobits per second. 0 for a rate that is not in the header, and for one that is reserved.
    private static int BitRate(bool isFirstVersion, int layer, int index)
    {
        ReadOnlySpan<short> rates = (isFirstVersion, layer) switch
        {
            (true, 1) => [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 0],
            (true, 2) => [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0],
            (true, _) => [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
            (false, 1) => [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256, 0],
            _ => [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
        };
        return rates[index];
    }
}
