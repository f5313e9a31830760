namespace Orchard;

/// <summary>Whether the model may, must or must not call tools. Immutable.</summary>
public sealed record ToolChoice
{
    private ToolChoice(string? name) => Name = name;

    /// <summary>The model decides.</summary>
    public static ToolChoice Auto { get; } = new(name: null);

    /// <summary>The model answers without a call, and is not told of the tools.</summary>
    public static ToolChoice None { get; } = new(name: null) { Kind = ToolChoiceKind.None };

    /// <summary>The model calls at least one tool.</summary>
    public static ToolChoice Required { get; } = new(name: null) { Kind = ToolChoiceKind.Required };

    /// <summary>The tool that has to be called; null when none is named.</summary>
    public string? Name { get; }

    internal ToolChoiceKind Kind { get; private init; }

    /// <summary>The model calls this tool.</summary>
    /// <param name="name">One of <see cref="GenerationOptions.Tools"/>.</param>
    public static ToolChoice Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ToolChoice(name) { Kind = ToolChoiceKind.Named };
    }
}

internal enum ToolChoiceKind
{
    Auto,
    None,
    Required,
    Named,
}
