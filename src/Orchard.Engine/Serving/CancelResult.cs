namespace Orchard.Engine.Serving;

/// <summary>What became of a wish to cancel a request.</summary>
internal enum CancelResult
{
    Cancelled,

    /// <summary>There is none, or none any more.</summary>
    Unknown,

    /// <summary>Several clients use this id and the command did not say whose is meant; none was cancelled.</summary>
    Ambiguous,
}
