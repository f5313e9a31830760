namespace Orchard.Formatting.Forms;

/// <summary>How a chat template wants earlier turns with calls. Immutable.</summary>
/// <param name="HasTextArguments">Whether arguments are JSON as text; otherwise they are a mapping.</param>
/// <param name="Content">What the content of a turn without text is.</param>
internal sealed record HistoryForm(bool HasTextArguments, EmptyContent Content)
{
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
    ];
}
