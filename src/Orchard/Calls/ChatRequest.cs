using System.Text;
using Orchard.Calls.Telemetry;
using Orchard.Diagnostics;
using Orchard.Formatting;
using Orchard.Models;
using Orchard.Protocol.Messages;
using Orchard.Validation;

namespace Orchard.Calls;

/// <summary>One call: conversations that have been checked, and their options.</summary>
internal sealed class ChatRequest : IModelRequest
{
    private readonly Part[] _parts;
    private readonly bool _keepsFailures;

    /// <param name="model">Which model.</param>
    /// <param name="prompts">What is asked.</param>
    /// <param name="keepsFailures">Whether the failure of one conversation is part of the answer, instead of its end.</param>
    /// <exception cref="ArgumentException">Something in it cannot be sent; the message says what.</exception>
    public ChatRequest(string model, IReadOnlyList<ChatPrompt> prompts, bool keepsFailures = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);

        // Copied first and checked then: what is sent is what was checked, whatever the caller does to the lists meanwhile.
        Part? previous = null;
        _parts =
        [
            .. prompts.Select((prompt, index) => previous = Check(prompt ?? throw new ArgumentException($"Prompt {index} is null.", nameof(prompts)), previous)),
        ];
        _keepsFailures = keepsFailures;
        Model = model;
    }

    public string Model { get; }

    /// <summary>The options of each conversation.</summary>
    public IEnumerable<GenerationOptions> Options => _parts.Select(part => part.Options);

    /// <summary>The options that all conversations have; null when they have different ones.</summary>
    public GenerationOptions? CommonOptions => Array.TrueForAll(_parts, part => ReferenceEquals(part.Options, _parts[0].Options)) ? _parts[0].Options : null;

    public int ConversationCount => _parts.Length;

    /// <summary>A stream shows candidates while they grow, so none of them can be left out of it.</summary>
    /// <exception cref="ArgumentException">The options ask for that.</exception>
    public ChatRequest ForStream() => Options.FirstOrDefault(options => options.GeneratedCandidates != options.CandidateCount) is { } options
        ? throw new ArgumentException(
            $"BestOf is {options.BestOf}; in a stream it must be CandidateCount ({options.CandidateCount}) or null, since the best is known at the end only.",
            nameof(GenerationOptions.BestOf))
        : this;

    /// <summary>The request as it is sent, and what will read its answers.</summary>
    /// <exception cref="RequestRejectedException">An option needs an engine of ours.</exception>
    /// <exception cref="ChatTemplateException">A conversation has no prompt, and failures are not kept.</exception>
    public RenderedRequest Render(ReadyModel model)
    {
        if (!model.Session.IsOrchardEngine && Options.Select(OptionFrame.FindExtension).FirstOrDefault(name => name is not null) is { } option)
        {
            throw new RequestRejectedException(
                $"The engine that serves '{model.Info.Path}' does not know the option {option}. Leave it at its default, or use Orchard's own engine.", ErrorCode.Unsupported);
        }

        var prompts = new List<PromptFrame>(_parts.Length);
        var sequences = new List<SequenceReader[]>(_parts.Length);
        var failed = new List<ChatDelta>();
        for (int i = 0; i < _parts.Length; i++)
        {
            RenderedPrompt prompt;
            try
            {
                prompt = model.Formatter.Render(_parts[i].Messages, _parts[i].Inputs);
            }
            catch (ChatTemplateException e) when (_keepsFailures)
            {
                failed.AddRange(Readers(i, []).Select(reader => reader.Fail(e)));
                continue;
            }

            // Where the output has a form, it has a place for thoughts only if some are expected: others could use up all its tokens.
            GenerationOptions options = _parts[i].Options;
            bool isFormed = options.ResponseFormat.IsConstrained || options.ToolChoice.Kind is ToolChoiceKind.Required or ToolChoiceKind.Named;
            bool mayThink = !isFormed || model.Formatter.ThinksFirst(prompt, _parts[i].Inputs);
            PromptFrame frame = ToFrame(prompt, options, mayThink, model) with { PromptIndex = prompts.Count };
            prompts.Add(frame);
            sequences.Add(Readers(i, options.IncludeStopSequence ? prompt.StopSequences : frame.StopSequences, model.Session.IsOrchardEngine));
        }

        var request = new RequestFrame
        {
            RequestId = model.Session.NextRequestId(),
            ModelId = model.Info.Id,
            ModelPath = model.Info.Path,
            ResponseChannelId = model.Session.ChannelId,
            Prompts = prompts,
            WantsAcknowledgement = model.Session.IsOrchardEngine,
            TraceParent = model.Session.IsOrchardEngine ? SequenceSpans.Context() : null,
        };
        return new RenderedRequest(request, [.. sequences], _keepsFailures) { Failed = failed };
    }

    private static PromptFrame ToFrame(RenderedPrompt prompt, GenerationOptions options, bool mayThink, ReadyModel model)
    {
        PromptFrame frame = OptionFrame.Create(options, model.Info.RecommendedSampling);
        return frame with
        {
            Extensions = frame.Extensions with { Plain = model.Session.IsOrchardEngine ? prompt.Plain : [] },
            Text = Encoding.UTF8.GetBytes(prompt.Text),

            // A format says what all of the answer is, and where it ends; in the middle of a JSON string the template's stop strings are text.
            ToolCallingTokens = prompt.Output.Calls,
            ThinkingTokens = mayThink ? prompt.Output.Thinking : ThinkingTokens.None,
            StopSequences = options.ResponseFormat.IsConstrained ? [] : [.. options.StopSequences, .. prompt.StopSequences],
        };
    }

    private SequenceReader[] Readers(int index, IReadOnlyList<string> strippedStops, bool isCounted = false) =>
    [
        .. Enumerable.Range(0, _parts[index].Options.GeneratedCandidates).Select(candidate => new SequenceReader(index, candidate, strippedStops, isCounted, _parts[index].Options.Tools)),
    ];

    // Conversations often share one instance of the options, which is then copied and checked once.
    private static Part Check(ChatPrompt prompt, Part? previous)
    {
        Message[] messages = Checked(prompt.Messages, "messages");
        if (previous is not null && ReferenceEquals(previous.Given, prompt.Options))
        {
            ToolRules.Check(messages, previous.Options);
            return previous with { Messages = messages };
        }

        GenerationOptions options = (prompt.Options ?? GenerationOptions.Default).Copy();
        GenerationOptionsRules.Check(options);
        ToolRules.Check(messages, options);
        return new Part(messages, prompt.Options, options, PromptInputs.From(options));
    }

    private sealed record Part(Message[] Messages, GenerationOptions? Given, GenerationOptions Options, PromptInputs Inputs);

    private static Message[] Checked(IReadOnlyList<Message>? messages, string name)
    {
        Message[] copy = messages is null ? [] : [.. messages];
        if (copy.Length == 0)
        {
            throw new ArgumentException("The conversation has no messages; it needs at least one, usually the user's question.", name);
        }

        for (int i = 0; i < copy.Length; i++)
        {
            if (copy[i] is null)
            {
                throw new ArgumentException($"Message {i} of the conversation is null.", name);
            }

            if (copy[i] is { ToolCalls: null } or { Role: MessageRole.Tool, ToolCallId: null })
            {
                throw new ArgumentException($"Message {i} has no list of tool calls, or is a tool's result without the id of its call.", name);
            }

            if (copy[i].Reasoning is { } reasoning && !Utf16.IsWellFormed(reasoning))
            {
                throw new ArgumentException($"The reasoning of message {i} has an unpaired surrogate, which has no UTF-8 form and cannot be sent.", name);
            }

            if (!Utf16.IsWellFormed(copy[i].Text))
            {
                throw new ArgumentException($"The text of message {i} has an unpaired surrogate, which has no UTF-8 form and cannot be sent.", name);
            }
        }

        return copy;
    }
}
