namespace Orchard.Cli.Output;

/// <summary>Something that <c>doctor</c> has found.</summary>
internal sealed record Finding
{
    /// <summary>What was examined.</summary>
    public required string Subject { get; init; }

    public required Severity Severity { get; init; }

    public required string Message { get; init; }

    /// <summary>What to do; null if there is nothing to do, or the message says it.</summary>
    public string? Remedy { get; init; }
}

/// <summary>How serious a finding is.</summary>
internal enum Severity
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>Something does not work as well as it could.</summary>
    Warning,

    /// <summary>Something does not work.</summary>
    Problem,
}
