using Orchard.Protocol.Messages.Requests;

namespace Orchard.Formatting;

/// <summary>A prompt ready to be sent.</summary>
/// <param name="Text">The text that the model continues.</param>
/// <param name="StopSequences">Texts that end the model's turn, in addition to its end tokens.</param>
internal sealed record RenderedPrompt(string Text, IReadOnlyList<string> StopSequences)
{
    /// <summary>Ranges of <see cref="Text"/> in which nothing is a control token, in ascending order.</summary>
    public IReadOnlyList<PlainSpan> Plain { get; init; } = [];

    /// <summary>The images and sound; null if there are none.</summary>
    public MediaLayout? Media { get; init; }

    /// <summary>How the model writes tool calls and reasoning.</summary>
    public OutputForm Output { get; init; } = new(ToolCallingTokens.None, ThinkingTokens.None);

    /// <summary>Names of the generation options that the template cannot follow.</summary>
    public IReadOnlyList<string> IgnoredOptions { get; init; } = [];

    /// <summary>The template that was used, by name or as text; null for the model's main template.</summary>
    public string? Template { get; init; }
}
