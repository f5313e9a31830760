namespace Orchard.Routing;

/// <summary>Tells failures of a model or its server from those of the call, which the other model of a route would not mend.</summary>
internal static class RouteFailures
{
    /// <summary>Whether a failure is that of whoever serves the model.</summary>
    public static bool IsOfSide(Exception error) => error switch
    {
        OutputLimitExceededException => false,
        RequestRejectedException rejected => rejected.Code is RequestErrorCodes.Overloaded
            or RequestErrorCodes.Internal
            or RequestErrorCodes.ModelNotLoaded,
        DraftModelException
            or EngineConnectionException
            or EngineNotFoundException
            or EngineNotTrustedException
            or EngineStartException
            or ModelAccessException
            or ModelChangedException
            or ModelDownloadException
            or ModelLoadException
            or ModelMemoryException
            or ModelNotFoundException
            or ModelOptionsConflictException
            or ProtocolException
            or RequestStalledException => true,
        _ => false,
    };

    /// <summary>Whether the other model may be able to answer.</summary>
    public static bool MayMove(Exception error) => IsOfSide(error) || error is NotSupportedException or UnsupportedModalityException;

    /// <summary>Whether a failure of the second model is told together with that of the first.</summary>
    public static bool IsTold(Exception error) => error is OrchardException or NotSupportedException;
}
