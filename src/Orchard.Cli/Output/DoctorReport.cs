namespace Orchard.Cli.Output;

/// <summary>The result of <c>doctor</c>.</summary>
internal sealed record DoctorReport
{
    /// <summary>Number of findings that are problems.</summary>
    public int Problems { get; init; }

    public required IReadOnlyList<Finding> Findings { get; init; }
}
