namespace Orchard.Engine.Serving.Requests;

/// <summary>The result of cancelling a request.</summary>
internal enum CancelResult
{
    Cancelled,

    /// <summary>There is no such request, or it has ended.</summary>
    Unknown,

    /// <summary>Several clients have a request with this id, and the command did not contain the channel. None was cancelled.</summary>
    Ambiguous,
}
