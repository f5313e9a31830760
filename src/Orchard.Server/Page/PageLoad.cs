namespace Orchard.Server.Page;

/// <summary>Body of a request to load a model.</summary>
internal sealed record PageLoadRequest
{
    /// <summary>The model.</summary>
    public string? Model { get; init; }
}

/// <summary>Progress of a load. The last line is <c>ready</c> or <c>error</c>.</summary>
internal sealed record PageLoadLine
{
    /// <summary>
    /// What is being done: <c>resolving</c>, <c>downloading</c>, <c>verifying</c>, <c>connecting</c> or <c>loading</c>; or the end.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>Bytes that are done; null if unknown.</summary>
    public long? Completed { get; init; }

    /// <summary>Size of all files in bytes; null if unknown.</summary>
    public long? Total { get; init; }

    /// <summary>Bytes per second of a download; null if unknown.</summary>
    public double? BytesPerSecond { get; init; }

    /// <summary>Description of an error, for people; otherwise null.</summary>
    public string? Message { get; init; }

    /// <summary>Cause of an error; null if it has no code.</summary>
    public string? Code { get; init; }
}
