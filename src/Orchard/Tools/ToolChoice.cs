namespace Orchard;

/// <summary>Whether the model can, must or must not call tools. Immutable.</summary>
public sealed record ToolChoice
{
    private ToolChoice(ToolChoiceKind kind, string? name = null)
    {
        Kind = kind;
        Name = name;
    }

    /// <summary>The model decides whether to call tools.</summary>
    public static ToolChoice Auto { get; } = new(ToolChoiceKind.Auto);

    /// <summary>The model answers without tool calls; the prompt does not describe the tools.</summary>
    public static ToolChoice None { get; } = new(ToolChoiceKind.None);

    /// <summary>The model calls at least one tool.</summary>
    public static ToolChoice Required { get; } = new(ToolChoiceKind.Required);

    /// <summary>Name of the tool that the model must call; null unless created by <see cref="Named"/>.</summary>
    public string? Name { get; }

    internal ToolChoiceKind Kind { get; }

    /// <summary>Returns the choice that makes the model call a specific tool.</summary>
    /// <param name="name">Name of one of <see cref="GenerationOptions.Tools"/>.</param>
    public static ToolChoice Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ToolChoice(ToolChoiceKind.Named, name);
    }
}
