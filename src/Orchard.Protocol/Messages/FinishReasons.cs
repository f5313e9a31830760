namespace Orchard.Protocol.Messages;

/// <summary>Finish reasons as the family writes them. Compare without case.</summary>
internal static class FinishReasons
{
    /// <summary>Filler on a delta that is not final.</summary>
    public const string Delta = "DELTA";

    /// <summary>A stop token or stop string.</summary>
    public const string Stop = "stop";

    /// <summary>The token limit.</summary>
    public const string Length = "length";

    /// <summary>The client, or its end.</summary>
    public const string Cancelled = "cancelled";

    public const string Error = "error";
}
