namespace Orchard.Protocol.Messages.Events;

/// <summary>A device that an Orchard engine can compute on.</summary>
internal sealed record TelemetryDevice
{
    /// <summary>Its name in the options of models, such as <c>CUDA0</c>.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Its name as the driver gives it.</summary>
    public string Description { get; init => field = value ?? ""; } = "";

    /// <summary>Bytes of its memory.</summary>
    public long TotalBytes { get; init; }
}
