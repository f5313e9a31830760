namespace Orchard;

/// <summary>A part of a tool call, sent as it is generated. Immutable.</summary>
public sealed class ToolCallDelta
{
    /// <summary>Zero-based index of the call within the answer.</summary>
    public required int Index { get; init; }

    /// <summary>The call's <see cref="ToolCall.Id"/>, the same in all parts of a call.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the tool, the same in all parts of a call.</summary>
    public required string Name { get; init; }

    /// <summary>Text to append to the arguments received so far; may be empty.</summary>
    public required string Arguments { get; init; }

    /// <summary>The complete call, with its last part; otherwise null.</summary>
    public ToolCall? Call { get; init; }
}
