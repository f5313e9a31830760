namespace Orchard.Remote.Errors;

/// <summary>Carries a failure out of the code that reads a response. Never reaches a caller.</summary>
internal sealed class FailureException(Failure failure) : Exception(failure.Error.Message, failure.Error)
{
    public Failure Failure { get; } = failure;
}
