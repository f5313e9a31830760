namespace Orchard;

/// <summary>The engine rejected the request.</summary>
public sealed class RequestRejectedException : OrchardException
{
    internal RequestRejectedException(string message, string? code)
        : base(message) => Code = code;

    /// <summary>
    /// Error code, usually one of <see cref="RequestErrorCodes"/>; a newer engine can send others. Null if the engine sent none.
    /// </summary>
    public string? Code { get; }
}
