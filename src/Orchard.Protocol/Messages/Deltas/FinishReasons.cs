namespace Orchard.Protocol.Messages.Deltas;

/// <summary>Finish reasons as PIE writes them. Compare without regard to case.</summary>
internal static class FinishReasons
{
    /// <summary>The value of deltas that are not final.</summary>
    public const string Delta = "DELTA";

    /// <summary>An end token or a stop sequence.</summary>
    public const string Stop = "stop";

    /// <summary>The token limit.</summary>
    public const string Length = "length";

    /// <summary>The client cancelled the request or disconnected.</summary>
    public const string Cancelled = "cancelled";

    public const string Error = "error";
}
