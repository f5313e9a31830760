namespace Orchard.Protocol.Messages.Requests;

/// <summary>How a model writes tool calls: the formats it may use, and the delimiters of the section that contains all calls.</summary>
internal sealed record ToolCallingTokens(IReadOnlyList<ToolCallFormat> Formats, string SectionStart, string SectionEnd)
{
    public static ToolCallingTokens None { get; } = new([], "", "");
}
