namespace Orchard.Engine.Native;

/// <summary>Status codes of <c>llama_decode</c>.</summary>
internal static class LlamaStatus
{
    public const int Success = 0;

    public static string Describe(int status) => status switch
    {
        Success => "success",
        1 => "no room in the KV cache for the batch",
        2 => "aborted",
        -1 => "invalid batch: a token, position or sequence does not match the content of the KV cache",
        < -1 => "the computation failed, because of insufficient memory or an error in a backend",
        _ => "unknown status",
    };
}
