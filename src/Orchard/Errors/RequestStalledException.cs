namespace Orchard;

/// <summary>
/// The engine sent nothing for a request for longer than <see cref="ClientOptions.StallTimeout"/>. The request was cancelled.
/// </summary>
public sealed class RequestStalledException : OrchardException
{
    internal RequestStalledException(string message, RequestState state, int? processId)
        : base(message)
    {
        State = state;
        ProcessId = processId;
    }

    /// <summary>How far the request had progressed.</summary>
    public RequestState State { get; }

    /// <summary>Process id of the engine; null if unknown.</summary>
    public int? ProcessId { get; }
}
