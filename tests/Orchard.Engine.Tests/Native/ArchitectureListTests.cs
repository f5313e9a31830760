using System.Text.RegularExpressions;
using Orchard.Engine.Native;

namespace Orchard.Engine.Tests.Native;

/// <summary>
/// The architectures that Orchard.Hub downloads are those that the llama.cpp library knows. The library has no list of them, but every name
/// is a text in its file, or the end of one. All ends are tried with <c>ORCHARD_STRESS=1</c>, which belongs to a new release of the library.
/// </summary>
public sealed partial class ArchitectureListTests
{
    private const int LongestName = 24;

    private static readonly string[] Listed = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "architectures.txt"));

    [Fact]
    public void List_HasWhatTheLibraryKnows()
    {
        string library = File.ReadAllText(NativeFiles.Find(NativeFiles.DefaultFolder).Llama, System.Text.Encoding.Latin1);
        bool triesEnds = Environment.GetEnvironmentVariable("ORCHARD_STRESS") == "1";
        IEnumerable<string> names = Texts().Matches(library).SelectMany(match => triesEnds ? Ends(match.Value) : [match.Value]);
        using var folder = new TemporaryFolder();

        string[] known = [.. names.Concat(Listed).Distinct().Where(name => IsKnown(folder, name)).Order(StringComparer.Ordinal)];

        Assert.Contains("llama", known);
        Assert.True(known.SequenceEqual(Listed), $"src/Orchard.Hub/Files/architectures.txt should be:\n{string.Join('\n', known)}");
    }

    private static IEnumerable<string> Ends(string text) =>
        Enumerable.Range(Math.Max(0, text.Length - LongestName), Math.Min(text.Length, LongestName)).Select(start => text[start..]);

    // A file with an architecture and nothing else. The library names what it does not know; otherwise it misses something else.
    private static bool IsKnown(TemporaryFolder folder, string architecture)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write(0ul);
        writer.Write(1ul);
        WriteText(writer, "general.architecture");
        writer.Write(8u);
        WriteText(writer, architecture);
        using LlamaModelHandle model = LlamaModelHandle.Load(
            [folder.Write("model.gguf", stream.ToArray())], new LlamaModelSettings(false, false, 0, []), _ => true, out string problem);
        return !problem.Contains("unknown model architecture", StringComparison.Ordinal);
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        writer.Write((ulong)text.Length);
        writer.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }

    [GeneratedRegex(@"[a-z0-9][a-z0-9._-]+(?=\0)")]
    private static partial Regex Texts();
}
