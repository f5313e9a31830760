using System.IO.Compression;
using System.Text.Json;

namespace Orchard.StarterVision.Tests;

/// <summary>A picture that training did not see, with a question about it.</summary>
/// <param name="Kind">What is asked for: shape, colour, count, digit or position.</param>
/// <param name="Picture">A PNG file.</param>
/// <param name="Question">The question.</param>
/// <param name="Answer">The right answer.</param>
public sealed record HeldOutQuestion(string Kind, byte[] Picture, string Question, string Answer)
{
    /// <summary>Reads the file that tools/starter-vision/pictures.py writes.</summary>
    public static IReadOnlyList<HeldOutQuestion> ReadAll()
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "held-out.zip"));
        string lines = System.Text.Encoding.UTF8.GetString(Read(archive, "questions.jsonl"));
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => From(archive, JsonElement.Parse(line)))];
    }

    private static HeldOutQuestion From(ZipArchive archive, JsonElement line) => new(
        Text(line, "kind"), Read(archive, Text(line, "file")), Text(line, "question"), Text(line, "answer"));

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString()!;

    private static byte[] Read(ZipArchive archive, string name)
    {
        using Stream stream = archive.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
