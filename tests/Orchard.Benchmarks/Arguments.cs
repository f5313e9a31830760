using System.Globalization;

namespace Orchard.Benchmarks;

/// <summary>The command line: a command, then <c>--name value</c> pairs and <c>--flags</c>.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private Arguments(string command) => Command = command;

    public string Command { get; }

    /// <exception cref="FormatException">The words are not of that form.</exception>
    public static Arguments Parse(IReadOnlyList<string> words)
    {
        var arguments = new Arguments(words.Count > 0 ? words[0] : "help");
        for (int i = 1; i < words.Count; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal))
            {
                throw new FormatException($"'{words[i]}' is out of place: options begin with --.");
            }

            bool hasValue = i + 1 < words.Count && !words[i + 1].StartsWith("--", StringComparison.Ordinal);
            arguments._values[words[i][2..]] = hasValue ? words[++i] : "";
        }

        return arguments;
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public int Number(string name, int fallback) =>
        Text(name) is { } text ? int.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture) : fallback;

    public IReadOnlyList<int> Numbers(string name, string fallback) =>
        [.. (Text(name) ?? fallback).Split(',').Select(text => int.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture))];
}
