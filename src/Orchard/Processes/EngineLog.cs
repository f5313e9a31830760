using System.Text;
using System.Text.RegularExpressions;
using Orchard.Protocol;

namespace Orchard.Processes;

/// <summary>What an engine has said before it ended, for error messages.</summary>
internal static partial class EngineLog
{
    private const int MaxLines = 10;

    // A crash in native code may be followed by the stacks of a hundred threads.
    private const int TailBytes = 256 * 1024;

    /// <summary>Returns, with a heading, what explains that an engine did not start; empty when nothing is known.</summary>
    /// <param name="root">The namespace. Its log may be that of an earlier engine.</param>
    /// <param name="output">What the process wrote before it had a log; null or blank if nothing.</param>
    public static string OfStart(EngineRoot root, string? output) => FromOutput(output) ?? FromLog(root) ?? "";

    /// <summary>Returns, with a heading, what explains the end of an engine that was running; empty when nothing is known.</summary>
    /// <param name="root">The namespace.</param>
    /// <param name="output">What the process wrote before it had a log; null or blank if nothing.</param>
    public static string OfEnd(EngineRoot root, string? output) => FromLog(root) ?? FromOutput(output) ?? "";

    /// <summary>
    /// Returns the lines that explain the end of an engine: a failed assertion of native code with the engine's own lines before it, else
    /// the first of a crash report, or else the last.
    /// </summary>
    internal static IReadOnlyList<string> Explaining(IReadOnlyList<string> lines)
    {
        // What follows it is a backtrace, and lines of threads that went on for a moment.
        int assertion = lines.ToList().FindLastIndex(static line => NativeAssertion().IsMatch(line));
        if (assertion >= 0)
        {
            return [.. Before(lines.Take(assertion)), lines[assertion]];
        }

        // The engine's own lines have a time and a level. What follows the last of them was written by the runtime or by native code.
        int own = lines.Count - 1;
        while (own >= 0 && !OwnLine().IsMatch(lines[own]))
        {
            own--;
        }

        int report = own + 1;
        return report == lines.Count || lines.Count - report < MaxLines
            ? [.. lines.TakeLast(MaxLines)]
            : [.. lines.Skip(report).Take(MaxLines)];
    }

    // A model that was being loaded is the likely cause, also if its warnings fill the lines before the assertion.
    private static List<string> Before(IEnumerable<string> lines)
    {
        List<string> own = [.. lines.Where(static line => OwnLine().IsMatch(line))];
        int load = own.FindLastIndex(static line => LoadStarted().IsMatch(line));
        bool isLoading = load >= 0 && !own.Skip(load).Any(static line => LoadEnded().IsMatch(line));
        List<string> last = [.. own.TakeLast(MaxLines - 1)];
        return isLoading && load < own.Count - last.Count ? [own[load], .. last.Skip(1)] : last;
    }

    private static string? FromOutput(string? output) =>
        string.IsNullOrWhiteSpace(output) ? null : Format("The engine wrote:", Explaining(Lines(output)));

    private static string? FromLog(EngineRoot root) =>
        ReadTail(root.LogFile) is { Length: > 0 } lines ? Format($"From '{root.LogFile}':", Explaining(lines)) : null;

    private static string Format(string heading, IReadOnlyList<string> lines) =>
        $"{Environment.NewLine}{heading}{Environment.NewLine}  {string.Join($"{Environment.NewLine}  ", lines)}";

    private static string[] ReadTail(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Seek(-Math.Min(TailBytes, stream.Length), SeekOrigin.End);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return Lines(reader.ReadToEnd());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"^\S+\.(?:c|cpp|cu|m|h|hpp):[0-9]+: ")]
    private static partial Regex NativeAssertion();

    [GeneratedRegex(@"^\[ *[0-9]+\.[0-9]+\] [a-z]+ ")]
    private static partial Regex OwnLine();

    [GeneratedRegex(@" Loading model '.*' from ")]
    private static partial Regex LoadStarted();

    [GeneratedRegex(" Model '.*' (?:is ready after|could not be loaded)| The load of model '.*' was cancelled")]
    private static partial Regex LoadEnded();
}
