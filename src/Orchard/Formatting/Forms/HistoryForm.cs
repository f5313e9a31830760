using System.Globalization;

namespace Orchard.Formatting.Forms;

/// <summary>How a chat template wants earlier turns with calls. Immutable.</summary>
/// <param name="HasTextArguments">Whether arguments are JSON as text; otherwise they are a mapping.</param>
/// <param name="Content">What the content of a turn without text is.</param>
internal sealed record HistoryForm(bool HasTextArguments, EmptyContent Content)
{
    /// <summary>
    /// Whether identifiers contain the names of the tools, as in <c>functions.add:0</c>, because the template shows no other names (Kimi).
    /// </summary>
    public bool HasNamesInIds { get; init; }

    /// <summary>Whether contents are lists of parts, because the template shows no texts (SmolVLM).</summary>
    public bool HasContentParts { get; init; }

    /// <summary>What most templates accept.</summary>
    public static HistoryForm Default { get; } = new(false, EmptyContent.Text);

    /// <summary>All forms; the most common one first.</summary>
    public static IReadOnlyList<HistoryForm> All { get; } =
    [
        Default,
        new(true, EmptyContent.Text),
        new(false, EmptyContent.None),
        new(true, EmptyContent.None),
        new(false, EmptyContent.Missing),
        new(true, EmptyContent.Missing),
        new(false, EmptyContent.Text) { HasNamesInIds = true },
        new(true, EmptyContent.Text) { HasNamesInIds = true },
    ];

    /// <summary>Returns the identifier of a call of a tool.</summary>
    /// <param name="name">The name of the tool.</param>
    /// <param name="index">The number of calls before it.</param>
    public static string IdOf(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"functions.{name}:{index}");
}
