namespace Orchard.Extensions.AI;

/// <summary>The options of a request, converted.</summary>
/// <param name="Generation">The options for the client.</param>
/// <param name="Names">Names of the functions for the model.</param>
internal sealed record MappedOptions(GenerationOptions Generation, ToolNames Names)
{
    /// <summary>Key of <see cref="Ignored"/> in a response.</summary>
    public const string IgnoredKey = "orchard.ignored_options";

    /// <summary>Names of given options that have no effect.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Whether the response includes the reasoning.</summary>
    public bool ShowsReasoning { get; init; } = true;
}
