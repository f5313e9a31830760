namespace Orchard.Models;

/// <summary>
/// Decides whether work that has produced nothing yet is repeated when the connection to the engine ends: once, with a new engine. If none
/// can be started, the caller gets the reason why the last one ended. A mutable structure: do not copy it.
/// </summary>
/// <param name="isAllowed">Whether work is repeated at all.</param>
internal struct ConnectionReplay(bool isAllowed)
{
    private EngineConnectionException? _end;

    /// <summary>Records the end of the connection; false when the work must not be repeated.</summary>
    public bool TryBegin(EngineConnectionException end, CancellationToken cancellationToken)
    {
        if (!isAllowed || _end is not null || cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        _end = end;
        return true;
    }

    /// <summary>Returns whether the error means that no new engine could be started.</summary>
    public readonly bool HasFailed(Exception error) => _end is not null && IsStartFailure(error);

    /// <summary>Returns whether the error means that an engine could not be started.</summary>
    public static bool IsStartFailure(Exception error) => error is EngineStartException or EngineNotFoundException;

    /// <summary>Returns why the last connection ended.</summary>
    public readonly EngineConnectionException Reason() => _end!.During(receivedCharacters: 0);
}
