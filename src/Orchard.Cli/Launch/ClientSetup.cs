namespace Orchard.Cli.Launch;

/// <summary>How a client program is told to use Orchard's server.</summary>
internal sealed record ClientSetup
{
    /// <summary>The name of its command.</summary>
    public required string Name { get; init; }

    public required SettingsFormat Format { get; init; }

    /// <summary>Path of its settings below the home directory; null if it has no file.</summary>
    public string? File { get; init; }

    /// <summary>Returns the settings.</summary>
    public required Func<LaunchTarget, string> Settings { get; init; }

    /// <summary>Returns how it is started then; null if as always.</summary>
    public Func<LaunchTarget, string>? Start { get; init; }

    /// <summary>Whether the settings have the context length of the model, which it does not ask the server for.</summary>
    public bool HasContextLength { get; init; }

    /// <summary>Whether its first prompt alone has thousands of tokens.</summary>
    public bool HasLongPrompts { get; init; }

    /// <summary>Whether the settings can be written to the file.</summary>
    public bool CanWrite => File is not null && Format is SettingsFormat.Json or SettingsFormat.Toml;
}
