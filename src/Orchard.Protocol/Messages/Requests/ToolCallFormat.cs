namespace Orchard.Protocol.Messages.Requests;

/// <summary>One format of tool calls. Delimiters that the format does not have are empty.</summary>
internal sealed record ToolCallFormat
{
    /// <summary>One of <see cref="ToolCallDialect"/>, or a name that the engine does not recognize.</summary>
    public string Name { get; init; } = "";

    public string CallStart { get; init; } = "";

    public string InlineStart { get; init; } = "";

    public string Channel { get; init; } = "";

    public string RecipientPrefix { get; init; } = "";

    public string ConstraintPrefix { get; init; } = "";

    public string Constraint { get; init; } = "";

    public string Message { get; init; } = "";

    public string CallEnd { get; init; } = "";
}
