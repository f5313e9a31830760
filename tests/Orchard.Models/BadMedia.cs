using System.Buffers.Binary;
using System.Text;

namespace Orchard.TestModels;

/// <summary>Files that are no images or sounds that a model could be shown: damaged, empty, enormous, of other formats.</summary>
public static class BadMedia
{
    private const int Enormous = 60_000;

    /// <summary>Files that are sent as images.</summary>
    public static IReadOnlyList<(string Name, byte[] File)> Images { get; } =
    [
        .. Cut("png", TestMedia.Png(60, 40, 1), 4, 8, 20, 40, 60, 100),
        .. Cut("jpeg", TestMedia.Jpeg(), 2, 3, 20, 200, 600, 655),
        .. Cut("gif", TestMedia.Gif(), 3, 8, 13, 60),
        .. Cut("bmp", TestMedia.Bmp(), 2, 20, 54, 800),
        ("empty", []),
        ("one byte", [0x89]),
        ("png of 0 × 0", TestMedia.PngOf(0, 0, [])),
        ("png of 0 × 40", TestMedia.PngOf(0, 40, new byte[40])),
        ("png of 40 × 0", TestMedia.PngOf(40, 0, [])),
        ("png of 60,000 × 60,000", TestMedia.PngOf(Enormous, Enormous, new byte[1000])),
        ("png of 1 × 60,000", TestMedia.PngOf(1, Enormous, new byte[4 * Enormous])),
        ("png of 2,000,000,000 × 1", TestMedia.PngOf(2_000_000_000, 1, new byte[1000])),
        ("png with a negative width", TestMedia.PngOf(-5, 5, new byte[1000])),
        ("png with too few rows", TestMedia.PngOf(40, 40, new byte[100])),
        ("png whose data is no zlib", Changed(TestMedia.Png(60, 40, 1), 41, 0xff, 0xff, 0xff, 0xff)),
        ("png without a header", Changed(TestMedia.Png(60, 40, 1), 12, (byte)'J')),
        ("png with an unknown bit depth", Changed(TestMedia.Png(60, 40, 1), 24, 5)),
        ("animated png", Animated(TestMedia.Png(60, 40, 1))),
        ("bmp of 60,000 × 60,000", Sized(TestMedia.Bmp(), Enormous, Enormous)),
        ("bmp of 0 × 16", Sized(TestMedia.Bmp(), 0, 16)),
        ("bmp of -16 × 16", Sized(TestMedia.Bmp(), -16, 16)),
        ("jpeg of 60,000 × 60,000", WithJpegSize(TestMedia.Jpeg(), Enormous, Enormous)),
        ("jpeg of 0 × 0", WithJpegSize(TestMedia.Jpeg(), 0, 0)),
        ("gif of 0 × 0", Changed(TestMedia.Gif(), 6, 0, 0, 0, 0)),
        ("gif of 60,000 × 60,000", Changed(TestMedia.Gif(), 6, 0x60, 0xea, 0x60, 0xea)),
        ("animated gif", TwoFrames(TestMedia.Gif())),
        ("text", Encoding.UTF8.GetBytes("This is a picture of a cat. Believe me, it is a very nice one.")),
        ("html", Encoding.UTF8.GetBytes("<!DOCTYPE html><html><body>404</body></html>")),
        ("svg", Encoding.UTF8.GetBytes("<svg xmlns=\"http://www.w3.org/2000/svg\"><circle r=\"5\"/></svg>")),
        ("pdf", Encoding.UTF8.GetBytes("%PDF-1.7 and then something that a reader would not like")),
        ("webp", Encoding.Latin1.GetBytes("RIFF\u0010\0\0\0WEBPVP8L\u0004\0\0\0\u002f\0\0\0")),
        ("heic", Encoding.Latin1.GetBytes("\0\0\0\u0018ftypheic\0\0\0\0mif1heic")),
        ("tiff", Encoding.Latin1.GetBytes("II*\0\u0008\0\0\0\0\0\0\0\0\0\0\0")),
        ("gguf", Encoding.Latin1.GetBytes("GGUF\u0003\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")),
        ("zeros", new byte[4096]),
        ("noise", Noise(4096)),
        ("sound", TestMedia.Wave(0.5, 440)),
    ];

    /// <summary>Files that are sent as sounds.</summary>
    public static IReadOnlyList<(string Name, byte[] File)> Sounds { get; } =
    [
        .. Cut("wav", TestMedia.Wave(0.5, 440), 4, 12, 30, 44, 1000),
        ("empty", []),
        ("wav of an hour", TestMedia.Wave(3700, 440, rate: 2000)),
        ("wav that says that it lasts an hour", Changed(TestMedia.Wave(0.5, 440), 40, 0, 0x80, 0xff, 0x06)),
        ("wav without samples", TestMedia.Wave(0, 440)),
        ("wav of 0 Hz", Changed(TestMedia.Wave(0.5, 440), 24, 0, 0, 0, 0)),
        ("wav of 1 Hz", Changed(TestMedia.Wave(0.5, 440), 24, 1, 0, 0, 0)),
        ("wav with 0 channels", Changed(TestMedia.Wave(0.5, 440), 22, 0, 0)),
        ("wav with 60,000 channels", Changed(TestMedia.Wave(0.5, 440), 22, 0x60, 0xea)),
        ("compressed wav", Changed(TestMedia.Wave(0.5, 440), 20, 2)),
        ("mp3 that is noise", [.. "ID3\u0004\0\0\0\0\0\0"u8, .. Noise(2000)]),
        ("flac of ten hours", Flac(44_100, 10L * 3600 * 44_100)),
        ("flac of unknown length", Flac(44_100, 0)),
        ("flac that ends after the header", Flac(44_100, 44_100)),
        ("ogg", Encoding.Latin1.GetBytes("OggS\0\u0002\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u0001\u001e\u0001vorbis")),
        ("image", TestMedia.Png(60, 40, 1)),
        ("text", Encoding.UTF8.GetBytes("Hear, hear! There is nothing to hear here.")),
    ];

    private static IEnumerable<(string Name, byte[] File)> Cut(string name, byte[] file, params int[] lengths) =>
        lengths.Select(length => ($"{name} cut off after {length} bytes", file[..length]));

    private static byte[] Changed(byte[] file, int at, params byte[] bytes)
    {
        bytes.CopyTo(file, at);
        return file;
    }

    private static byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];
        new Random(3).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Sized(byte[] bmp, int width, int height)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(22), height);
        return bmp;
    }

    private static byte[] WithJpegSize(byte[] jpeg, int width, int height)
    {
        int frame = jpeg.AsSpan().IndexOf([(byte)0xff, (byte)0xc0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), (ushort)width);
        return jpeg;
    }

    // With the chunk of animated PNG files behind the header.
    private static byte[] Animated(byte[] png) =>
        [.. png[..33], 0, 0, 0, 8, (byte)'a', (byte)'c', (byte)'T', (byte)'L', 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, .. png[33..]];

    // The image and the mark before it once more, before the mark of the end.
    private static byte[] TwoFrames(byte[] gif)
    {
        int colors = 3 << ((gif[10] & 7) + 1);
        int image = 13 + ((gif[10] & 0x80) == 0 ? 0 : colors);
        return [.. gif[..^1], .. gif[image..]];
    }

    private static byte[] Flac(int rate, long samples)
    {
        byte[] file = new byte[60];
        "fLaC"u8.CopyTo(file);
        file[4] = 0x80;
        file[7] = 34;
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(8), 4096);
        BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(10), 4096);
        BinaryPrimitives.WriteUInt64BigEndian(file.AsSpan(18), ((ulong)rate << 44) | (15ul << 36) | (ulong)samples);
        return file;
    }
}
