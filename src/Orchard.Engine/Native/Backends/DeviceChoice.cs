using Orchard.Protocol;
using Orchard.Protocol.Processes;

namespace Orchard.Engine.Native.Backends;

/// <summary>Which GPU libraries and devices the user allows.</summary>
/// <param name="Names">Names of libraries or devices, in lower case; null if the user does not say.</param>
internal sealed record DeviceChoice(IReadOnlyList<string>? Names)
{
    /// <summary>Whether the user has said something.</summary>
    public bool IsMade => Names is not null;

    /// <summary>Reads the choice from the environment.</summary>
    /// <param name="environment">Returns the value of a variable, or null.</param>
    /// <exception cref="InvalidSettingException">The variable has a value that is not allowed.</exception>
    public static DeviceChoice Read(Func<string, string?> environment) => new(
        Setting.OfVariable(EngineVariables.Devices, environment).Names(EngineVariables.DeviceKinds, EngineVariables.DevicesMeaning));

    /// <summary>Whether the user names a library or one of its devices.</summary>
    public bool Mentions(GpuBackend backend) => Names?.Any(name => KindOf(name) == backend.Name) ?? false;

    /// <summary>Whether a library may be used.</summary>
    public bool Allows(GpuBackend backend) => Names is null || Mentions(backend);

    /// <summary>
    /// Returns the numbers of the devices that may be used, separated by commas; null for all that the library uses by itself.
    /// </summary>
    public string? NumbersOf(GpuBackend backend)
    {
        string[] numbers =
            [.. (Names ?? []).Where(name => KindOf(name) == backend.Name).Select(name => name[backend.Name.Length..]).Distinct()];
        return numbers.Length == 0 || numbers.Contains("") ? null : string.Join(',', numbers);
    }

    private static string KindOf(string name) => name.TrimEnd("0123456789".ToCharArray());
}
