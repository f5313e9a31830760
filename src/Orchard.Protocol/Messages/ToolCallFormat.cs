namespace Orchard.Protocol.Messages;

/// <summary>The delimiters of one way to write a tool call; empty where the format has none.</summary>
internal sealed record ToolCallFormat
{
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
