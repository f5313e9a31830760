using System.Buffers;
using System.Text.Json;

namespace Orchard.Protocol.Tests.Messages;

/// <summary>One test vector: its bytes, and JSON with their meaning.</summary>
internal sealed record VectorFile(string Name, byte[] Bytes, JsonElement Json)
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Vectors");

    public JsonElement Expected => Json.GetProperty("expected");

    public ReadOnlySequence<byte> Sequence => new(Bytes);

    public static TheoryData<string> Requests => Names("req_", ".input.json");

    public static TheoryData<string> Messages => Names("msg_", ".expected.json");

    public static VectorFile LoadRequest(string name) => Load(name, ".input.json");

    public static VectorFile LoadMessage(string name) => Load(name, ".expected.json");

    public static JsonElement LoadManagement() => Parse(Path.Combine(Folder, "management.json"));

    private static VectorFile Load(string name, string suffix) =>
        new(name, File.ReadAllBytes(Path.Combine(Folder, name + ".bin")), Parse(Path.Combine(Folder, name + suffix)));

    private static JsonElement Parse(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }

    private static TheoryData<string> Names(string prefix, string suffix) =>
        [.. Directory.GetFiles(Folder, prefix + "*" + suffix).Select(path => Path.GetFileName(path)[..^suffix.Length]).Order(StringComparer.Ordinal)];
}
