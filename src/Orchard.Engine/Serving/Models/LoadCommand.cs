namespace Orchard.Engine.Serving.Models;

/// <summary>One command to load a model.</summary>
/// <param name="Path">Absolute path of the model file.</param>
internal sealed record LoadCommand(string Path)
{
    /// <summary>Identifies the command for cancellation; null if the client does not identify its commands.</summary>
    public LoadKey? Key { get; init; }

    /// <summary>Response channel of the client; 0 if it does not say.</summary>
    public ulong Channel { get; init; }

    /// <summary>Whether the command is answered after the load instead of immediately.</summary>
    public bool AnswersAtEnd { get; init; }

    public LoadOptions Options { get; init; } = LoadOptions.Default;
}
