namespace Orchard;

/// <summary>
/// Neither model of a <see cref="ModelRoute"/> could answer a call. The message has both reasons. The next call tries again.
/// </summary>
public sealed class ModelRouteException : OrchardException
{
    internal ModelRouteException(string route, Exception localError, Exception remoteError)
        : base(
            $"Neither model of the route '{route}' could answer. The local one: {localError.Message} The remote one: {remoteError.Message}",
            new AggregateException(localError, remoteError))
    {
        Route = route;
        LocalError = localError;
        RemoteError = remoteError;
    }

    /// <summary>Name of the route.</summary>
    public string Route { get; }

    /// <summary>Why the model on this machine did not answer.</summary>
    public Exception LocalError { get; }

    /// <summary>Why the model of the source did not answer.</summary>
    public Exception RemoteError { get; }
}
