namespace Orchard;

/// <summary>
/// What a call waited for from the engine made no progress for <see cref="ClientOptions.StallTimeout"/>. The call was cancelled. The engine
/// process may be stopped or overloaded; the next call tries again.
/// </summary>
public sealed class RequestStalledException : OrchardException
{
    internal RequestStalledException(string message, string waitedFor, RequestState state, int? processId)
        : base(message)
    {
        WaitedFor = waitedFor;
        State = state;
        ProcessId = processId;
    }

    /// <summary>What did not arrive, for people to read, such as <c>the reply to 'tokenize'</c>.</summary>
    public string WaitedFor { get; }

    /// <summary>How far the request had progressed. <see cref="RequestState.Sent"/> for a command that was not answered.</summary>
    public RequestState State { get; }

    /// <summary>Process id of the engine; null if unknown.</summary>
    public int? ProcessId { get; }
}
