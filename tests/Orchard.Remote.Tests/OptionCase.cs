namespace Orchard.Remote.Tests;

/// <summary>An option, and what becomes of it.</summary>
/// <param name="Name">Says what is set.</param>
/// <param name="Option">The option's name.</param>
/// <param name="Options">Options with it.</param>
internal sealed record OptionCase(string Name, string Option, GenerationOptions Options)
{
    /// <summary>The members that are written, by kind of server.</summary>
    public Dictionary<RemoteKind, string> Written { get; init; } = [];

    /// <summary>The kinds of servers that do not support it.</summary>
    public RemoteKind[] Refused { get; init; } = [];
}
