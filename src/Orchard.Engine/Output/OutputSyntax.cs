using Orchard.Engine.Output.Calls;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output;

/// <summary>The syntax of one prompt's output according to its request. Immutable.</summary>
internal sealed record OutputSyntax
{
    /// <summary>The text that starts reasoning; empty if the model has no reasoning.</summary>
    public string ReasoningStart { get; init; } = "";

    /// <summary>The text that ends reasoning.</summary>
    public string ReasoningEnd { get; init; } = "";

    /// <summary>Whether the prompt already ends with the start of reasoning.</summary>
    public bool StartsInReasoning { get; init; }

    /// <summary>Whether reasoning, if there is any, is empty.</summary>
    public bool HasEmptyReasoning { get; init; }

    /// <summary>Whether channels separate message, reasoning and calls (gpt-oss).</summary>
    public bool HasChannels { get; init; }

    /// <summary>The format of tool calls; null if there are none, or if the output has channels.</summary>
    public CallFormat? Calls { get; init; }

    /// <summary>The tools that may be called.</summary>
    public ToolSet Tools { get; init; } = ToolSet.None;

    /// <summary>Texts around the message.</summary>
    public MessageFrame Frame { get; init; } = MessageFrame.None;

    public bool HasReasoning => ReasoningStart.Length > 0 && ReasoningEnd.Length > 0;

    /// <summary>The texts around the reasoning before the answer, and whether the output starts in it; null if there is none.</summary>
    public (string Start, string End, bool IsOpen)? Reasoning => HasChannels ? ("", ChannelParser.FinalChannel, true)
        : HasReasoning && !HasEmptyReasoning ? (ReasoningStart, ReasoningEnd, StartsInReasoning)
        : null;

    /// <summary>Texts of the syntax. Control tokens in them must appear in the output text.</summary>
    public IReadOnlyList<string> ControlTexts =>
    [
        .. HasReasoning ? [ReasoningStart, ReasoningEnd] : Array.Empty<string>(),
        .. HasChannels ? ChannelParser.Markers : [],
        .. Calls?.ControlTexts ?? [],
        .. Frame.Texts,
    ];

    /// <summary>Returns the syntax of a prompt's output; null if all of it is message.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="tools">The tools that may be called.</param>
    public static OutputSyntax? Find(WirePrompt prompt, ToolSet tools)
    {
        bool hasChannels = prompt.ToolCallingTokens.Formats is [{ Name: ToolCallDialect.Harmony }, ..];
        var syntax = new OutputSyntax
        {
            ReasoningStart = prompt.ThinkingTokens.Start.Trim(),
            ReasoningEnd = prompt.ThinkingTokens.End.Trim(),
            StartsInReasoning = prompt.ThinkingTokens.Required,
            HasEmptyReasoning = prompt.Extensions.EmptyReasoning,
            HasChannels = hasChannels,
            Calls = tools.Count > 0 && !hasChannels ? CallFormats.Find(prompt, tools) : null,
            Tools = tools,
            Frame = hasChannels ? MessageFrame.None : MessageFrame.Of(prompt),
        };
        return syntax.HasReasoning || syntax.Frame != MessageFrame.None || syntax.HasChannels || syntax.Calls is not null ? syntax : null;
    }
}
