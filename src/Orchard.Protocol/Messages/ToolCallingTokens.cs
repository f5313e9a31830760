namespace Orchard.Protocol.Messages;

/// <summary>How the model writes tool calls: the formats it may use, and what encloses them all.</summary>
internal sealed record ToolCallingTokens(IReadOnlyList<ToolCallFormat> Formats, string SectionStart, string SectionEnd)
{
    public static ToolCallingTokens None { get; } = new([], "", "");
}
