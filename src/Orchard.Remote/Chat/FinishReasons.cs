namespace Orchard.Remote.Chat;

/// <summary>Maps the reasons for the end of an answer. Pure.</summary>
internal static class FinishReasons
{
    /// <summary>Returns the reason with a name.</summary>
    public static FinishReason Parse(string name) => name switch
    {
        "stop" or "eos" or "eos_token" or "stop_sequence" or "end_turn" => FinishReason.Stop,
        "length" or "max_tokens" or "model_length" => FinishReason.Length,
        "tool_calls" or "function_call" => FinishReason.ToolCalls,
        "content_filter" => FinishReason.ContentFilter,
        _ => FinishReason.Unknown,
    };

    /// <summary>Returns whether the server gave the answer up: it was shut down, say.</summary>
    public static bool IsAbort(string name) => name is "abort" or "aborted" or "cancelled" or "error";
}
