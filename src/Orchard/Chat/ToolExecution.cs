namespace Orchard;

/// <summary>A tool call that a <see cref="ToolRun"/> has answered. Immutable.</summary>
public sealed class ToolExecution
{
    /// <summary>The call.</summary>
    public required ToolCall Call { get; init; }

    /// <summary>The result, as the model reads it. That of a failed call begins with <c>Error:</c>.</summary>
    public required string Result { get; init; }

    /// <summary>
    /// What the tool threw, or the <see cref="ToolCall.Error"/> of a call that was not executed. Null if the tool returned a result.
    /// </summary>
    public Exception? Error { get; init; }
}
