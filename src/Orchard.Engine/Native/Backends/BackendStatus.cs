using System.Globalization;

namespace Orchard.Engine.Native.Backends;

/// <summary>Whether the engine uses a GPU library, and if not, why.</summary>
/// <param name="Name">The kind of the library, such as <c>cuda</c>.</param>
/// <param name="Reason">Why it is not used, as a sentence; null if it is.</param>
/// <param name="Devices">The devices that it has; empty if it is not used.</param>
internal sealed record BackendStatus(string Name, string? Reason, IReadOnlyList<BackendDevice> Devices)
{
    public bool IsUsed => Reason is null;

    public override string ToString() => IsUsed
        ? $"{Name}: used: {string.Join(", ", Devices.Select(Describe))}"
        : $"{Name}: not used: {Reason}";

    private static string Describe(BackendDevice device) => string.Create(
        CultureInfo.InvariantCulture, $"{device.Name} ({device.Description}, {device.TotalBytes / (double)(1 << 30):0.0} GiB)");
}
