namespace Orchard;

/// <summary>A piece of a tool call as it is generated. Immutable.</summary>
/// <param name="Index">Which call of the answer, from 0.</param>
/// <param name="Id">The call's id, the same in all its pieces.</param>
/// <param name="Name">Which tool, the same in all pieces.</param>
/// <param name="Arguments">Text to append to the arguments that came before; possibly empty.</param>
public sealed record ToolCallDelta(int Index, string Id, string Name, string Arguments)
{
    /// <summary>The whole call, with the piece that completes it; null before.</summary>
    public ToolCall? Call { get; init; }
}
