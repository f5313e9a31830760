using Orchard.Protocol.Messages;

namespace Orchard.Engine.Output;

/// <summary>The form of one prompt's output, as its request tells it. Immutable.</summary>
internal sealed record OutputSyntax
{
    /// <summary>What begins thinking; empty when the model does not think.</summary>
    public string ThinkingStart { get; init; } = "";

    /// <summary>What ends it.</summary>
    public string ThinkingEnd { get; init; } = "";

    /// <summary>Whether the prompt has begun the thinking already.</summary>
    public bool BeginsThinking { get; init; }

    /// <summary>Whether the output comes in channels, which say what is message, thinking and call: gpt-oss.</summary>
    public bool HasChannels { get; init; }

    /// <summary>How calls are written; null when there are none, or they come in channels.</summary>
    public CallFormat? Calls { get; init; }

    /// <summary>The tools that may be called.</summary>
    public ToolSet Tools { get; init; } = ToolSet.None;

    public bool HasThinking => ThinkingStart.Length > 0 && ThinkingEnd.Length > 0;

    /// <summary>Control tokens that are part of the form, by their text: without it they would leave no trace in the output.</summary>
    public IReadOnlyList<string> ControlTexts =>
    [
        .. HasThinking ? [ThinkingStart, ThinkingEnd] : Array.Empty<string>(),
        .. HasChannels ? ChannelParser.Marks : [],
        .. Calls?.ControlTexts ?? [],
    ];

    /// <summary>The form of a prompt's output; null when all of it is message.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="tools">Its tools that may be called.</param>
    public static OutputSyntax? Find(PromptFrame prompt, ToolSet tools)
    {
        bool hasChannels = prompt.ToolCallingTokens.Formats is [{ Name: ToolCallDialects.Harmony }, ..];
        var syntax = new OutputSyntax
        {
            ThinkingStart = prompt.ThinkingTokens.Start.Trim(),
            ThinkingEnd = prompt.ThinkingTokens.End.Trim(),
            BeginsThinking = prompt.ThinkingTokens.Required,
            HasChannels = hasChannels,
            Calls = tools.Count > 0 && !hasChannels ? CallFormat.Find(prompt.ToolCallingTokens) : null,
            Tools = tools,
        };
        return syntax.HasThinking || syntax.HasChannels || syntax.Calls is not null ? syntax : null;
    }

    /// <summary>A parser for one sequence.</summary>
    public OutputParser Parse(IOutputItems items) => HasChannels ? new ChannelParser(Tools, items) : new TagParser(this, items);
}
