namespace Orchard;

/// <summary>A tool call of the model cannot be executed. The message says what is wrong, and where in the arguments.</summary>
public sealed class ToolCallException : OrchardException
{
    internal ToolCallException(string message, string toolName, string arguments, Exception? innerException = null)
        : base(message, innerException)
    {
        ToolName = toolName;
        Arguments = arguments;
    }

    /// <summary>Name of the tool, as the model generated it.</summary>
    public string ToolName { get; }

    /// <summary>The arguments, as the model generated them.</summary>
    public string Arguments { get; }
}
