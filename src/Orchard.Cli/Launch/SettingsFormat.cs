namespace Orchard.Cli.Launch;

/// <summary>The form of a client's settings, which decides how they are changed.</summary>
internal enum SettingsFormat
{
    /// <summary>Lines for a shell. Not written to a file.</summary>
    Shell,

    /// <summary>A JSON object, into which members are merged.</summary>
    Json,

    /// <summary>TOML in a file of its own, which is replaced.</summary>
    Toml,

    /// <summary>A part of a YAML document, which a person puts in its place.</summary>
    YamlFragment,
}
