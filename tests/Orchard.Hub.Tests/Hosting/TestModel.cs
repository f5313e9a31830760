using System.Security.Cryptography;
using System.Text;

namespace Orchard.Hub.Tests.Hosting;

/// <summary>Contents of files for the tests.</summary>
internal static class TestModel
{
    /// <summary>Returns a file that starts like a GGUF model and goes on with random bytes.</summary>
    public static byte[] Create(int size, int seed = 1, string architecture = "llama", string type = "model")
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write(0ul);
        writer.Write(2ul);
        WriteText(writer, "general.architecture", architecture);
        WriteText(writer, "general.type", type);
        byte[] rest = new byte[size - (int)stream.Length];
        new Random(seed).NextBytes(rest);
        writer.Write(rest);
        return stream.ToArray();
    }

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static void WriteText(BinaryWriter writer, string key, string value)
    {
        writer.Write((ulong)key.Length);
        writer.Write(Encoding.UTF8.GetBytes(key));
        writer.Write(8u);
        writer.Write((ulong)value.Length);
        writer.Write(Encoding.UTF8.GetBytes(value));
    }
}
