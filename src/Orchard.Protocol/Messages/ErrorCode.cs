namespace Orchard.Protocol.Messages;

/// <summary>Values of <see cref="ResponseDelta.ErrorCode"/>: why our engine refused or ended a request.</summary>
internal static class ErrorCode
{
    public const string ContextLengthExceeded = "context_length_exceeded";
    public const string ModelNotLoaded = "model_not_loaded";
    public const string InvalidRequest = "invalid_request";
    public const string Unsupported = "unsupported";
    public const string Internal = "internal";
}
