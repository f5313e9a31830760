using System.Runtime.CompilerServices;
using System.Text;
using Orchard.Formatting;
using Orchard.Models;
using Orchard.Protocol.Messages;

namespace Orchard;

/// <summary>One call: conversations that have been checked, and the options for all of them.</summary>
internal sealed class ChatRequest
{
    private readonly IReadOnlyList<IReadOnlyList<Message>> _conversations;
    private readonly GenerationOptions _options;
    private readonly bool _keepsFailures;

    /// <param name="model">Which model.</param>
    /// <param name="conversations">What is asked.</param>
    /// <param name="options">How to generate; null for the defaults.</param>
    /// <param name="keepsFailures">Whether the failure of one conversation is part of the answer, instead of its end.</param>
    /// <exception cref="ArgumentException">Something in it cannot be sent; the message says what.</exception>
    public ChatRequest(
        string model, IReadOnlyList<IReadOnlyList<Message>> conversations, GenerationOptions? options, bool keepsFailures = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);

        // Copied first and checked then: what is sent is what was checked, whatever the caller does to the lists meanwhile.
        _conversations = [.. conversations.Select(messages => Checked(messages))];
        _options = (options ?? GenerationOptions.Default).Copy();
        _options.Validate();
        _keepsFailures = keepsFailures;
        Model = model;
    }

    public string Model { get; }

    public GenerationOptions Options => _options;

    public int ConversationCount => _conversations.Count;

    /// <summary>A stream shows candidates while they grow, so none of them can be left out of it.</summary>
    /// <exception cref="ArgumentException">The options ask for that.</exception>
    public ChatRequest ForStream() => _options.GeneratedCandidates == _options.CandidateCount
        ? this
        : throw new ArgumentException(
            $"BestOf is {_options.BestOf}; in a stream it must be CandidateCount ({_options.CandidateCount}) or null, since the best is known at the end only.",
            nameof(GenerationOptions.BestOf));

    /// <summary>The request as it is sent, and what will read its answers.</summary>
    /// <exception cref="RequestRejectedException">An option needs an engine of ours.</exception>
    public RenderedRequest Render(ReadyModel model)
    {
        if (!model.Session.IsOrchardEngine && OptionFrame.FindExtension(_options) is { } option)
        {
            throw new RequestRejectedException(
                $"The engine that serves '{model.Info.Path}' does not know the option {option}. Leave it at its default, or use Orchard's own engine.", ErrorCode.Unsupported);
        }

        var prompts = new PromptFrame[_conversations.Count];
        var sequences = new SequenceReader[_conversations.Count][];
        for (int i = 0; i < prompts.Length; i++)
        {
            RenderedPrompt prompt = model.Formatter.Render(_conversations[i]);
            PromptFrame optionFrame = OptionFrame.Create(_options);
            prompts[i] = optionFrame with
            {
                PromptIndex = i,
                Extensions = optionFrame.Extensions with { Plain = model.Session.IsOrchardEngine ? prompt.Plain : [] },
                Text = Encoding.UTF8.GetBytes(prompt.Text),

                // A format says where the answer ends; in the middle of a JSON string the template's stop strings are text.
                StopSequences = _options.ResponseFormat.IsConstrained ? [] : [.. _options.StopStrings, .. prompt.StopStrings],
            };
            IReadOnlyList<string> stripped = _options.KeepStopString ? prompt.StopStrings : prompts[i].StopSequences;
            sequences[i] =
            [
                .. Enumerable.Range(0, prompts[i].CandidateCount)
                    .Select(candidate => new SequenceReader(i, candidate, stripped, model.Session.IsOrchardEngine)),
            ];
        }

        var frame = new RequestFrame
        {
            RequestId = model.Session.NextRequestId(),
            ModelId = model.Info.Id,
            ModelPath = model.Info.Path,
            ResponseChannelId = model.Session.ChannelId,
            Prompts = prompts,
            WantsAcknowledgement = model.Session.IsOrchardEngine,
        };
        return new RenderedRequest(frame, sequences, _keepsFailures);
    }

    private static Message[] Checked(IReadOnlyList<Message>? messages, [CallerArgumentExpression(nameof(messages))] string name = "")
    {
        Message[] copy = messages is null ? [] : [.. messages];
        if (copy.Length == 0)
        {
            throw new ArgumentException("The conversation has no messages; it needs at least one, usually the user's question.", name);
        }

        for (int i = 0; i < copy.Length; i++)
        {
            if (copy[i] is not { Content: { } content })
            {
                throw new ArgumentException($"Message {i} of the conversation, or its content, is null.", name);
            }

            if (!Utf16.IsWellFormed(content))
            {
                throw new ArgumentException($"The content of message {i} has an unpaired surrogate, which has no UTF-8 form and cannot be sent.", name);
            }
        }

        return copy;
    }
}
