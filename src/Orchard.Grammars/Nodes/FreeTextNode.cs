namespace Orchard.Grammars.Nodes;

/// <summary>
/// Matches unconstrained text in relation to markers, such as <c>&lt;tool_call&gt;</c>. The text may contain control tokens.
/// </summary>
/// <param name="markers">The markers.</param>
/// <param name="endsWithMarker">Whether the text ends with the first marker in it; otherwise it contains no marker.</param>
/// <param name="forbiddenPrefixes">Texts that it must not begin with.</param>
internal sealed class FreeTextNode(IReadOnlyList<string> markers, bool endsWithMarker, IReadOnlyList<string> forbiddenPrefixes)
    : GrammarNode
{
    public IReadOnlyList<string> Markers { get; } = markers;

    public bool EndsWithMarker { get; } = endsWithMarker;

    public IReadOnlyList<string> ForbiddenPrefixes { get; } = forbiddenPrefixes;
}
