using System.Text;
using Orchard.Calls.Telemetry;
using Orchard.Formatting;
using Orchard.Models;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Calls.Chat;

/// <summary>Renders checked conversations for one loaded model.</summary>
/// <param name="model">The model.</param>
/// <param name="cancellationToken">Cancels the rendering.</param>
internal sealed class ChatRenderer(ReadyModel model, CancellationToken cancellationToken)
{
    private readonly bool _isOrchardEngine = model.Session.IsOrchardEngine;

    /// <param name="conversations">The conversations of the request.</param>
    /// <param name="keepsFailures">Whether a conversation that cannot be rendered is a result; otherwise it ends the request.</param>
    /// <exception cref="RequestRejectedException">An option needs Orchard's own engine.</exception>
    /// <exception cref="ChatTemplateException">A conversation cannot be rendered, and failures are not kept.</exception>
    /// <exception cref="UnsupportedModalityException">The model does not take a part of a message, and failures are not kept.</exception>
    /// <exception cref="InvalidMediaException">An image or sound cannot be used, and failures are not kept.</exception>
    public RenderedRequest<ChatDelta> Render(ChatConversation[] conversations, bool keepsFailures)
    {
        RequireSupport(conversations);
        var prompts = new List<WirePrompt>(conversations.Length);
        var sequences = new List<SequenceReader[]>(conversations.Length);
        var failed = new List<ChatDelta>();
        long mediaBytes = 0;
        for (int i = 0; i < conversations.Length; i++)
        {
            ChatConversation conversation = conversations[i];
            try
            {
                Message[] messages = MediaCheck.Fit(conversation.Messages, model.Info);
                RenderedPrompt prompt = model.Formatter.Render(messages, conversation.Inputs, cancellationToken);
                WirePrompt frame = ToFrame(prompt, conversation) with { PromptIndex = prompts.Count };
                prompts.Add(frame);
                mediaBytes += prompt.Media?.Bytes ?? 0;
                sequences.Add(Readers(i, conversation, prompt, frame));
            }
            catch (OrchardException e) when (keepsFailures)
            {
                failed.AddRange(Readers(i, conversation, prompt: null, frame: null).Select(reader => reader.Fail(e)));
            }
        }

        MediaCheck.RequireRoom(mediaBytes);

        WireRequest request = ToFrame(prompts, KeepAliveOf(conversations));
        return new RenderedRequest<ChatDelta>(request, new ChatReader([.. sequences], failed, keepsFailures));
    }

    private void RequireSupport(ChatConversation[] conversations)
    {
        if (!_isOrchardEngine
            && conversations.Select(conversation => OptionMapping.FindExtension(conversation.Options))
                .FirstOrDefault(name => name is not null) is { } option)
        {
            throw new RequestRejectedException(
                $"The engine that serves '{model.Info.Path}' does not support the option {option}. "
                + "Leave it at its default, or use Orchard's own engine.",
                ErrorCode.Unsupported);
        }
    }

    // The longest, since the conversations are one request.
    private TimeSpan? KeepAliveOf(ChatConversation[] conversations) => !_isOrchardEngine ? null
        : conversations.Any(static conversation => conversation.Options.KeepAlive == Timeout.InfiniteTimeSpan) ? Timeout.InfiniteTimeSpan
        : conversations.Max(static conversation => conversation.Options.KeepAlive);

    private WireRequest ToFrame(List<WirePrompt> prompts, TimeSpan? keepAlive) => new()
    {
        RequestId = model.Session.NextRequestId(),
        ModelId = model.Info.Id,
        ModelPath = model.Info.Path,
        ResponseChannelId = model.Session.ChannelId,
        Prompts = prompts,
        WantsAcknowledgement = _isOrchardEngine,
        OmitsItemValues = _isOrchardEngine,
        WantsPrefillProgress = _isOrchardEngine,
        KeepAlive = keepAlive,
        TraceParent = _isOrchardEngine ? SequenceSpans.Context() : null,
    };

    private WirePrompt ToFrame(RenderedPrompt prompt, ChatConversation conversation)
    {
        GenerationOptions options = conversation.Options;
        WirePrompt frame = OptionMapping.Create(options, model.Info.RecommendedSampling);
        bool mayReason = MayReason(prompt, conversation);
        return frame with
        {
            Extensions = _isOrchardEngine
                ? frame.Extensions with
                {
                    Plain = prompt.Plain,
                    CallForm = prompt.Output.FormJson,
                    EmptyReasoning = !mayReason && prompt.Output.Thinking != ThinkingTokens.None,
                }
                : frame.Extensions with { Plain = [] },
            Text = prompt.Text,
            Images = prompt.Media?.Images ?? [],
            Audio = prompt.Media?.Audio ?? [],
            Layout = prompt.Media?.Segments,
            ToolCallingTokens = prompt.Output.Calls,
            ThinkingTokens = mayReason || _isOrchardEngine ? prompt.Output.Thinking : ThinkingTokens.None,

            // A response format decides where the answer ends: inside a JSON string the template's stop sequences are text.
            StopSequences = options.ResponseFormat.IsConstrained ? [] : [.. options.StopSequences, .. prompt.StopSequences],
        };
    }

    // Constrained output allows more than empty reasoning only where the model is expected to reason first: otherwise it could use up
    // all tokens.
    private static bool MayReason(RenderedPrompt prompt, ChatConversation conversation)
    {
        GenerationOptions options = conversation.Options;
        bool isConstrained = options.ResponseFormat.IsConstrained
            || options.ToolChoice.Kind is ToolChoiceKind.Required or ToolChoiceKind.Named;
        return !isConstrained || ChatFormatter.ReasonsFirst(prompt, conversation.Inputs);
    }

    private SequenceReader[] Readers(int index, ChatConversation conversation, RenderedPrompt? prompt, WirePrompt? frame)
    {
        GenerationOptions options = conversation.Options;
        IReadOnlyList<string> stripped = (options.IncludeStopSequence ? prompt?.StopSequences : frame?.StopSequences) ?? [];
        PrefillReports? prefill = options.PrefillProgress is { } listener ? new PrefillReports(listener) : null;
        return
        [
            .. Enumerable.Range(0, options.GeneratedCandidates)
                .Select(candidate => new SequenceReader(index, candidate, stripped, _isOrchardEngine, options.Tools)
                {
                    Prefill = prefill,
                    IgnoredOptions = prompt?.IgnoredOptions ?? [],
                    Media = prompt?.Media?.Places ?? [],
                }),
        ];
    }
}
