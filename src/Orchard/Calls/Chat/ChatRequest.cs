using System.Globalization;
using Orchard.Calls.Telemetry;
using Orchard.Formatting;
using Orchard.Models;
using Orchard.Models.Sources;
using Orchard.Protocol.Messages;
using Orchard.Validation;

namespace Orchard.Calls.Chat;

/// <summary>A chat request: validated conversations with their options.</summary>
internal sealed class ChatRequest : IModelRequest<ChatDelta>
{
    private readonly ChatConversation[] _conversations;
    private readonly bool _keepsFailures;
    private bool _isStream;
    private volatile ServedRequest? _served;

    /// <param name="model">The model, as the caller named it.</param>
    /// <param name="prompts">The conversations.</param>
    /// <param name="keepsFailures">Whether the failure of one conversation is a result; otherwise it ends the request.</param>
    /// <exception cref="ArgumentException">An argument or an option is invalid; the message names it.</exception>
    public ChatRequest(string model, IReadOnlyList<ChatPrompt> prompts, bool keepsFailures = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);

        // The lists are copied before they are validated, so that later changes by the caller have no effect.
        ChatConversation? previous = null;
        _conversations =
        [
            .. prompts.Select((prompt, index) =>
                previous = Check(prompt ?? throw new ArgumentException($"Prompt {index} is null.", nameof(prompts)), previous)),
        ];
        _keepsFailures = keepsFailures;
        Model = model;
    }

    public string Model { get; }

    /// <summary>The options of each conversation.</summary>
    public IEnumerable<GenerationOptions> Options => _conversations.Select(conversation => conversation.Options);

    /// <summary>Returns the check of the answers; null if none is needed.</summary>
    /// <param name="isEnforced">Whether whoever generates the answers can be relied on to keep to strict schemas.</param>
    public AnswerCheck? FindAnswerCheck(bool isEnforced) => AnswerCheck.Find(Options, _keepsFailures, isEnforced);

    /// <summary>What telemetry records of the request.</summary>
    public ObservedRequest Observed => new(Model, _conversations.Length, CommonOptions, _isStream, () => _served);

    /// <summary>Checks that the request can be streamed. A stream contains all candidates, so it cannot leave out the worse ones.</summary>
    /// <exception cref="ArgumentException">The options require leaving out candidates.</exception>
    public ChatRequest ForStream()
    {
        if (Options.FirstOrDefault(options => options.GeneratedCandidates != options.CandidateCount) is { } options)
        {
            throw new ArgumentException(
                $"BestOf is {options.BestOf}; in a stream it must be CandidateCount ({options.CandidateCount}) or null, "
                + "since the best is known at the end only.",
                nameof(GenerationOptions.BestOf));
        }

        return Delivering();
    }

    /// <summary>Says that the caller gets the answer part by part, so that it must not be repeated after the first.</summary>
    public ChatRequest Delivering()
    {
        _isStream = true;
        return this;
    }

    /// <summary>Returns the request for a source of models.</summary>
    public SourceRequest ForSource() => new(
        Array.ConvertAll(_conversations, each => new ChatPrompt(each.Messages, each.Options)), _keepsFailures, _isStream);

    /// <inheritdoc/>
    /// <exception cref="RequestRejectedException">An option needs Orchard's own engine.</exception>
    /// <exception cref="ChatTemplateException">A conversation cannot be rendered, and failures are not kept.</exception>
    public RenderedRequest<ChatDelta> Render(ReadyModel model, CancellationToken cancellationToken)
    {
        RenderedRequest<ChatDelta> rendered = new ChatRenderer(model, cancellationToken).Render(_conversations, _keepsFailures);
        if (ChatTelemetry.IsEnabled)
        {
            _served = new ServedRequest(
                model.Info.Id,
                string.Create(CultureInfo.InvariantCulture, $"{rendered.Frame.ResponseChannelId}-{rendered.Frame.RequestId}"));
        }

        return rendered;
    }

    private GenerationOptions? CommonOptions =>
        Array.TrueForAll(_conversations, conversation => ReferenceEquals(conversation.Options, _conversations[0].Options))
            ? _conversations[0].Options
            : null;

    // Conversations often share one instance of the options, which is then copied and checked once.
    private static ChatConversation Check(ChatPrompt prompt, ChatConversation? previous)
    {
        Message[] messages = Checked(prompt.Messages, "messages");
        if (previous is not null && ReferenceEquals(previous.Given, prompt.Options))
        {
            return previous with { Messages = messages };
        }

        GenerationOptions options = (prompt.Options ?? GenerationOptions.Default).Copy();
        GenerationOptionsRules.Check(options);
        return new ChatConversation(messages, prompt.Options, options, PromptInputs.From(options));
    }

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

            Message message = copy[i];
            if (message.ToolCalls is null
                || message.ToolCalls.Any(static call => call is not { Id: not null, Name: not null, Arguments: not null }))
            {
                throw new ArgumentException(
                    $"Message {i} has a null list of tool calls, or a call that is null or has a null id, name or arguments.", name);
            }

            if (message.ToolCalls.Count > 0 && message.Role != MessageRole.Assistant)
            {
                throw new ArgumentException($"Message {i} has tool calls, but its role is {message.Role}, not Assistant.", name);
            }

            copy[i] = message.WellFormed();
        }

        return copy;
    }
}
