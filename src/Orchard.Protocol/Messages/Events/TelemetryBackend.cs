namespace Orchard.Protocol.Messages.Events;

/// <summary>A GPU library of an Orchard engine, and whether it is used.</summary>
internal sealed record TelemetryBackend
{
    /// <summary>Its kind, such as <c>cuda</c>.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Why it is not used, as a sentence; null if it is.</summary>
    public string? Reason { get; init; }

    public IReadOnlyList<TelemetryDevice> Devices { get; init => field = value ?? []; } = [];
}
