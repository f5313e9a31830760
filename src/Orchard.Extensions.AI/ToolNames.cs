using System.Security.Cryptography;
using System.Text;

namespace Orchard.Extensions.AI;

/// <summary>
/// Maps function names to names that models can write, and back. Names of MCP servers can have 128 characters, dots and slashes. Immutable
/// after creation; thread-safe.
/// </summary>
internal sealed class ToolNames
{
    private const int Limit = 64;
    private const int DigestLength = 8;

    private readonly Dictionary<string, string> _toModel = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _fromModel = new(StringComparer.Ordinal);

    /// <param name="offered">Names of the functions that the model may call.</param>
    public ToolNames(IEnumerable<string> offered)
    {
        // Names that need no change come first, so that no other name takes theirs.
        foreach (string name in offered.Distinct(StringComparer.Ordinal).OrderBy(name => Written(name) != name))
        {
            string written = Written(name);
            written = _fromModel.ContainsKey(written) ? WithDigest(written, name) : written;
            _fromModel[written] = name;
            _toModel[name] = written;
        }
    }

    public static ToolNames None { get; } = new([]);

    /// <summary>Returns the name for the model of a function, which need not be offered any more.</summary>
    public string ToModel(string name) => _toModel.GetValueOrDefault(name) ?? Written(name);

    /// <summary>Returns the function that the model names.</summary>
    public string FromModel(string name) => _fromModel.GetValueOrDefault(name, name);

    private static string Written(string name)
    {
        string safe = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' ? letter : '_'));
        return safe.Length > Limit ? WithDigest(safe, name) : safe.Length == 0 ? "_" : safe;
    }

    private static string WithDigest(string safe, string name) =>
        $"{safe[..Math.Min(safe.Length, Limit - DigestLength - 1)]}_"
        + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..DigestLength];
}
