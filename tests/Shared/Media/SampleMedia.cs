using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Orchard.TestSupport.Media;

/// <summary>Small files in the formats that the engine decodes, made on the spot. Pure.</summary>
internal static class SampleMedia
{
    /// <summary>Returns a PNG image of one colour.</summary>
    public static byte[] Png(int width = 4, int height = 3, byte red = 200, byte green = 20, byte blue = 20)
    {
        byte[] row = [0, .. Enumerable.Repeat(new[] { red, green, blue }, width).SelectMany(static pixel => pixel)];
        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                zlib.Write(row);
            }
        }

        return [.. PngStart, .. Header(width, height), .. Chunk("IDAT", pixels.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>The signature of PNG.</summary>
    public static byte[] PngStart { get; } = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Returns the first chunk of a PNG image of 8 bits for each of red, green and blue.</summary>
    public static byte[] Header(uint width, uint height) => Chunk("IHDR", [.. Big(width), .. Big(height), 8, 2, 0, 0, 0]);

    /// <summary>Returns a chunk of a PNG image.</summary>
    public static byte[] Chunk(string type, byte[] data)
    {
        byte[] content = [.. Encoding.ASCII.GetBytes(type), .. data];
        return [.. Big((uint)data.Length), .. content, .. Big(Crc(content))];
    }

    /// <summary>Returns a GIF with some images of one pixel.</summary>
    public static byte[] Gif(int images = 1, ushort width = 1, ushort height = 1)
    {
        byte[] image = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
        return
        [
            .. "GIF89a"u8, .. Little(width), .. Little(height), 0x80, 0, 0, 0, 0, 0, 255, 255, 255,
            .. Enumerable.Repeat(image, images).SelectMany(static bytes => bytes), 0x3b,
        ];
    }

    /// <summary>Returns a BMP image of 24 bits for a pixel.</summary>
    public static byte[] Bmp(int width = 2, int height = 2)
    {
        int row = ((width * 24) + 31) / 32 * 4;
        byte[] pixels = new byte[row * Math.Abs(height)];
        return
        [
            .. "BM"u8, .. Little(54 + pixels.Length), .. Little(0), .. Little(54), .. Little(40), .. Little(width), .. Little(height),
            .. Little((ushort)1), .. Little((ushort)24), .. Little(0), .. Little(pixels.Length), .. Little(2835), .. Little(2835), .. Little(0),
            .. Little(0), .. pixels,
        ];
    }

    /// <summary>Returns the headers of a JPEG image, and then nothing but its end: enough for what does not decode it.</summary>
    public static byte[] JpegOutline(ushort width = 8, ushort height = 8) =>
    [
        0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0,
        0xff, 0xda, 0, 8, 1, 1, 0, 0, 0x3f, 0, 0, 0xff, 0xd9,
    ];

    /// <summary>Returns a WAV file of one channel of 16 bits.</summary>
    public static byte[] Wave(int samples = 1600, int frequency = 16_000, uint? statedBytes = null)
    {
        byte[] sound = new byte[samples * 2];
        for (int i = 0; i < samples; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(sound.AsSpan(i * 2), (short)(8000 * Math.Sin(i * 2 * Math.PI * 440 / frequency)));
        }

        return
        [
            .. "RIFF"u8, .. Little(36 + sound.Length), .. "WAVEfmt "u8, .. Little(16), .. Little((ushort)1), .. Little((ushort)1),
            .. Little(frequency), .. Little(frequency * 2), .. Little((ushort)2), .. Little((ushort)16), .. "data"u8,
            .. Little((int)(statedBytes ?? (uint)sound.Length)), .. sound,
        ];
    }

    /// <summary>Returns the header of a FLAC file with a number of samples, and then nothing that is sound.</summary>
    public static byte[] FlacOutline(long samples = 16_000, int frequency = 16_000) =>
    [
        .. "fLaC"u8, 0x80, 0, 0, 34, 16, 0, 16, 0, 0, 0, 0, 0, 0, 0,
        .. Big((ulong)frequency << 44 | 15UL << 36 | (ulong)samples), .. new byte[16], 0xff, 0xf8,
    ];

    /// <summary>Returns frames of an MP3 file of 8 kilobits a second, without sound.</summary>
    public static byte[] Mp3Outline(int seconds = 1)
    {
        // MPEG 2, layer 3, 8 kbit/s, 16 kHz, one channel: 36 bytes for 576 samples.
        byte[] frame = [0xff, 0xf3, 0x18, 0xc0, .. new byte[32]];
        return [.. Enumerable.Repeat(frame, Math.Max(1, seconds * 16_000 / 576)).SelectMany(static bytes => bytes)];
    }

    private static byte[] Big(uint number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];

    private static uint Crc(byte[] data)
    {
        uint crc = uint.MaxValue;
        foreach (byte one in data)
        {
            crc ^= one;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xedb88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }

    private static byte[] Big(ulong number) => [.. Big((uint)(number >> 32)), .. Big((uint)number)];

    private static byte[] Little(int number) => [(byte)number, (byte)(number >> 8), (byte)(number >> 16), (byte)(number >> 24)];

    private static byte[] Little(ushort number) => [(byte)number, (byte)(number >> 8)];

    private static byte[] Header(int width, int height) => Header((uint)width, (uint)height);
}
