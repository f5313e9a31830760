using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Orchard.TestModels;

/// <summary>Images and sounds for tests, as files.</summary>
public static class TestMedia
{
    /// <summary>A PNG file.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="seed">Of the colours. Different seeds give different images.</param>
    public static byte[] Png(int width, int height, int seed)
    {
        var random = new Random(seed);
        (byte R, byte G, byte B)[] colors = [.. Enumerable.Range(0, 4).Select(_ => ((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)))];
        byte[] rows = new byte[height * ((width * 3) + 1)];
        for (int y = 0, at = 0; y < height; y++)
        {
            rows[at++] = 0; // no filter
            for (int x = 0; x < width; x++)
            {
                (rows[at++], rows[at++], rows[at++]) = colors[(x * 2 / width) + (2 * (y * 2 / height))];
            }
        }

        return Png(width, height, rows);
    }

    /// <summary>A JPEG file of 16 by 16 pixels.</summary>
    public static byte[] Jpeg() => Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/"
        + "2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAQABADASIAAhEBAxEB/8QA"
        + "HwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkK"
        + "FhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXG"
        + "x8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC"
        + "AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOE"
        + "hYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDChtNvatWG"
        + "029qvw2m3tVqG029qKmI+rf1t/ncMFi72P/Z");

    /// <summary>A progressive JPEG file of 16 by 16 pixels.</summary>
    public static byte[] ProgressiveJpeg() => Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/"
        + "2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wgARCAAQABADASIAAhEBAxEB/8QA"
        + "FQABAQAAAAAAAAAAAAAAAAAAAwT/xAAUAQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIQAxAAAAGCt1P/xAAWEAADAAAAAAAAAAAAAAAAAAAAAQL/2gAIAQEA"
        + "AQUCUikUik//xAAVEQEBAAAAAAAAAAAAAAAAAAADAP/aAAgBAwEBPwEVv//EABcRAAMBAAAAAAAAAAAAAAAAAAACAxP/2gAIAQIBAT8BamZ//8QAFBABAAAA"
        + "AAAAAAAAAAAAAAAAIP/aAAgBAQAGPwIf/8QAFRABAQAAAAAAAAAAAAAAAAAAABH/2gAIAQEAAT8hmmmm/9oADAMBAAIAAwAAABCz/8QAFREBAQAAAAAAAAAA"
        + "AAAAAAAAEQD/2gAIAQMBAT8Qcv/EABgRAAIDAAAAAAAAAAAAAAAAAAARQdHw/9oACAECAQE/EMYtn//EABUQAQEAAAAAAAAAAAAAAAAAAABR/9oACAEBAAE/"
        + "EIkSJE//2Q==");

    /// <summary>A GIF file of 16 by 16 pixels.</summary>
    public static byte[] Gif() => Convert.FromBase64String(
        "R0lGODdhEAAQAIYAAAAAADMzAGZmAGaZAJmZAMyZAMzMAP//ADMAMwAzMzMzM2YzMzNmM2ZmM5lmM5mZM8yZM/+ZM2bMM5nMM8zMM//MM5n/M8z/M2YAZpkA"
        + "ZjMzZmYzZswzZgBmZjNmZsxmZv9mZgCZZjOZZsyZZv+ZZjPMZmbMZpnMZszMZmb/Zpn/ZmYAmZkAmcwAmWYzmZkzmcwzmf8zmQBmmcxmmf9mmQCZmTOZmcyZ"
        + "mQDMmTPMmWbMmTP/mWb/mZkAzMwAzP8AzJkzzMwzzP8zzDNmzGZmzJlmzMxmzACZzDOZzGaZzADMzDPMzGbMzAD/zDP/zMwA//8A/5kz/8wz/2Zm/5lm/zOZ"
        + "/2aZ/wDM/zPM/wD//wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACwAAAAAEAAQAEAI7wABAEBAEINBFghZ+FgIpYYMG0iGJEkyhQABBxAgfBgBIkECDRoCBFiw"
        + "AIjJKDBSxlCiZAmWEjpiSjhB04ABChU8itSwYcGGF0BfBJEiREiHDh4YMGggQEARKkWMzJhKo0YNGxCrTHzwwOKIGxBIKLmyxEmOmDpMnJiAggIFAwcEEiyI"
        + "YUWGHi0WPvmhMwDPni6AcpASJIjRBB48KBDQYAGRIlGKzOBghMZRpUqbTinCmeqHGiGQQExiJckAAlwzjiBxBIcNEVgmMuk6ocAIFBEosMSyJMdZHWtr3qyQ"
        + "pYmTJTt48EihormFCxcOHAgIADs=");

    /// <summary>A BMP file of 16 by 16 pixels.</summary>
    public static byte[] Bmp() => Convert.FromBase64String(
        "Qk02AwAAAAAAADYAAAAoAAAAEAAAABAAAAABABgAAAAAAAADAADEDgAAxA4AAAAAAAAAAAAA8PAA4PAQ0PAgwPAwsPBAoPBQkPBggPBwcPCAYPCQUPCgQPCw"
        + "MPDAIPDQEPDgAPDw4OAA8OAQwOAg0OAwoOBAsOBQgOBgkOBwYOCAcOCQQOCgUOCwIODAMODQAODgEODw0NAAwNAQ8NAg4NAwkNBAgNBQsNBgoNBwUNCAQNCQ"
        + "cNCgYNCwENDAANDQMNDgINDwwMAA0MAQ4MAg8MAwgMBAkMBQoMBgsMBwQMCAUMCQYMCgcMCwAMDAEMDQIMDgMMDwsLAAoLAQkLAggLAw8LBA4LBQ0LBgwLBw"
        + "MLCAILCQELCgALCwcLDAYLDQULDgQLDwoKAAsKAQgKAgkKAw4KBA8KBQwKBg0KBwIKCAMKCQAKCgEKCwYKDAcKDQQKDgUKDwkJAAgJAQsJAgoJAw0JBAwJBQ"
        + "8JBg4JBwEJCAAJCQMJCgIJCwUJDAQJDQcJDgYJDwgIAAkIAQoIAgsIAwwIBA0IBQ4IBg8IBwAICAEICQIICgMICwQIDAUIDQYIDgcIDwcHAAYHAQUHAgQHAw"
        + "MHBAIHBQEHBgAHBw8HCA4HCQ0HCgwHCwsHDAoHDQkHDggHDwYGAAcGAQQGAgUGAwIGBAMGBQAGBgEGBw4GCA8GCQwGCg0GCwoGDAsGDQgGDgkGDwUFAAQFAQ"
        + "cFAgYFAwEFBAAFBQMFBgIFBw0FCAwFCQ8FCg4FCwkFDAgFDQsFDgoFDwQEAAUEAQYEAgcEAwAEBAEEBQIEBgMEBwwECA0ECQ4ECg8ECwgEDAkEDQoEDgsEDw"
        + "MDAAIDAQEDAgADAwcDBAYDBQUDBgQDBwsDCAoDCQkDCggDCw8DDA4DDQ0DDgwDDwICAAMCAQACAgECAwYCBAcCBQQCBgUCBwoCCAsCCQgCCgkCCw4CDA8CDQ"
        + "wCDg0CDwEBAAABAQMBAgIBAwUBBAQBBQcBBgYBBwkBCAgBCQsBCgoBCw0BDAwBDQ8BDg4BDwAAAAEAAQIAAgMAAwQABAUABQYABgcABwgACAkACQoACgsACw"
        + "wADA0ADQ4ADg8ADw");

    /// <summary>A PNG file with any content, even one that does not fit the sizes.</summary>
    public static byte[] PngOf(int width, int height, byte[] rows) => Png(width, height, rows);

    /// <summary>A WAV file with a tone.</summary>
    public static byte[] Wave(double seconds, double frequency, int rate = 16_000)
    {
        int count = (int)(seconds * rate);
        var file = new MemoryStream();
        using var writer = new BinaryWriter(file, Encoding.ASCII, leaveOpen: true);
        writer.Write("RIFF"u8);
        writer.Write(36 + (2 * count));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(rate);
        writer.Write(2 * rate);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(2 * count);
        for (int i = 0; i < count; i++)
        {
            writer.Write((short)(8000 * Math.Sin(2 * Math.PI * frequency * i / rate)));
        }

        return file.ToArray();
    }

    private static byte[] Png(int width, int height, byte[] rows)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = 2;
        var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        return [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, .. Chunk("IHDR", header), .. Chunk("IDAT", data.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] chunk = new byte[12 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        content.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + content.Length), Crc(chunk.AsSpan(4, 4 + content.Length)));
        return chunk;
    }

    // CRC-32 as in zip files. The decoder does not check it, but others do.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xedb88320);
            }
        }

        return ~crc;
    }
}
