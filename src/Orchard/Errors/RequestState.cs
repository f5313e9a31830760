namespace Orchard;

/// <summary>How far a request has progressed.</summary>
public enum RequestState
{
    /// <summary>The request was sent; the engine has not acknowledged it.</summary>
    Sent,

    /// <summary>The engine acknowledged the request but has not generated anything for it.</summary>
    Queued,

    /// <summary>The engine has generated part of the answer.</summary>
    Generating,
}
