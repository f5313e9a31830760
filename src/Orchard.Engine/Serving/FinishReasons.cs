namespace Orchard.Engine.Serving;

/// <summary>The words of <c>finish_reason</c> on the wire.</summary>
internal static class FinishReasons
{
    /// <summary>On every delta that is not final.</summary>
    public const string Delta = "DELTA";

    public const string Stop = "stop";

    public const string Length = "length";

    public const string Cancelled = "cancelled";

    public const string Error = "error";
}
