namespace Orchard;

/// <summary>The kinds of <see cref="ToolChoice"/>.</summary>
internal enum ToolChoiceKind
{
    Auto,
    None,
    Required,
    Named,
}
