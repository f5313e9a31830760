namespace Orchard.Models;

/// <summary>The names of modalities on the wire.</summary>
internal static class InputModalityNames
{
    /// <summary>Returns the names of modalities.</summary>
    public static string[] Of(InputModalities modalities) =>
    [
        "text",
        .. modalities.HasFlag(InputModalities.Image) ? ["image"] : Array.Empty<string>(),
        .. modalities.HasFlag(InputModalities.Audio) ? ["audio"] : Array.Empty<string>(),
    ];

    /// <summary>Returns the modalities with the names. Text always is one; unknown ones are ignored.</summary>
    public static InputModalities Parse(string[]? names)
    {
        InputModalities modalities = InputModalities.Text;
        foreach (string? name in names ?? [])
        {
            modalities |= name switch
            {
                "image" => InputModalities.Image,
                "audio" => InputModalities.Audio,
                _ => InputModalities.None,
            };
        }

        return modalities;
    }
}
