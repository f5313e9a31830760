namespace Orchard.Protocol.Messages;

/// <summary>The texts that enclose a model's reasoning; empty where it has none.</summary>
internal sealed record ThinkingTokens(string Start, string End, bool Required)
{
    public static ThinkingTokens None { get; } = new("", "", false);
}
