namespace Orchard.Server.OpenAI;

/// <summary>OpenAI's names of finish reasons. Pure.</summary>
internal static class FinishReasons
{
    /// <summary>Returns the name of a reason.</summary>
    public static string NameOf(FinishReason reason) => reason switch
    {
        FinishReason.Length => "length",
        FinishReason.ToolCalls => "tool_calls",
        FinishReason.ContentFilter => "content_filter",
        _ => "stop",
    };
}
