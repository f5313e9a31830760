namespace Orchard.Engine.Native;

/// <summary>What the status codes of <c>llama_decode</c> mean.</summary>
internal static class LlamaStatus
{
    public const int Success = 0;

    public static string Describe(int status) => status switch
    {
        Success => "success",
        1 => "no room in the KV cache for the batch",
        2 => "aborted",
        -1 => "invalid batch: a token, position or sequence that does not continue what the KV cache holds",
        < -1 => "the computation failed, for want of memory or inside a back end",
        _ => "unknown status",
    };
}
