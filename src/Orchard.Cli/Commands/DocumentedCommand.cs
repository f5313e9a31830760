using System.CommandLine;

namespace Orchard.Cli.Commands;

/// <summary>A command with examples in its help.</summary>
internal sealed class DocumentedCommand(string name, string description) : Command(name, description)
{
    /// <summary>Examples, one or more lines.</summary>
    public string? Examples { get; init; }
}
