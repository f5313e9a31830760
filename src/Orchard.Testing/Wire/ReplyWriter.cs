using System.Text;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Testing.Wire;

/// <summary>Writes the deltas of one sequence, numbered as by a real engine. Used by one task at a time.</summary>
internal sealed class ReplyWriter(IEngineInstance engine, WireRequest request, WirePrompt prompt, int candidate, ulong sequenceId)
{
    private readonly int _promptTokens = CountWords(prompt.Text);
    private readonly ItemScript _items = new(request.OmitsItemValues);
    private int _generated;
    private int _reasoningTokens;
    private ResponseDelta? _last;

    /// <summary>Whether the final delta has been sent.</summary>
    public bool HasEnded { get; private set; }

    public void Say(string text) => Publish(NextToken(text) with { StateEvents = _items.Say(text) });

    public void Prefill(int computedTokens, int promptTokens) => Publish(Delta() with
    {
        FinishReason = FinishReasons.Delta,
        PromptTokenCount = promptTokens,
        CachedTokenCount = null,
        GenerationLength = null,
        Extras = new DeltaExtras { PrefilledTokens = computedTokens },
    });

    public void Reason(string text)
    {
        _reasoningTokens++;
        Publish(NextToken("") with { StateEvents = _items.Reason(text) });
    }

    public void Call(string name, IReadOnlyList<string> arguments)
    {
        Publish(NextToken("") with { StateEvents = _items.BeginCall(name) });
        foreach (string piece in arguments)
        {
            Publish(NextToken("") with { StateEvents = _items.ContinueCall(piece) });
        }

        Publish(NextToken("") with { StateEvents = _items.EndItem() });
    }

    public void BeginCall(string name, string arguments)
    {
        Publish(NextToken("") with { StateEvents = _items.BeginCall(name) });
        Publish(NextToken("") with { StateEvents = _items.ContinueCall(arguments) });
    }

    public void Drop(string text) => _last = NextToken(text);

    public void Repeat()
    {
        if (_last is { } last)
        {
            Publish(last);
        }
    }

    public Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, engine.Time, cancellationToken);

    public void SendMalformedDelta() => engine.Publish(
        (byte[])[
            .. Topic.ForResponses(request.ResponseChannelId),
            .. Encoding.UTF8.GetBytes($"{{\"request_id\":{request.RequestId},\"content\":"),
        ]);

    public void SendMalformedEvent() => engine.Publish((byte[])[.. Topic.Event, .. "model_loaded\0{\"model_id\":"u8]);

    public void Finish(FinishReason reason) => Finish(reason switch
    {
        FinishReason.Stop => FinishReasons.Stop,
        FinishReason.Length => FinishReasons.Length,
        FinishReason.ContentFilter => "content_filter",
        FinishReason.ToolCalls => FinishReasons.Stop, // as on the wire, where the calls themselves say so
        _ => "other",
    });

    public void Finish(string reason) => End(Delta() with { Content = "", TokensInDelta = 0, FinishReason = reason });

    public void Fail(string message, string? code, int? mediaIndex = null) => End(Delta() with
    {
        FinishReason = FinishReasons.Error,
        Content = message,
        Extras = new DeltaExtras { ErrorMessage = message, ErrorCode = code, MediaIndex = mediaIndex },
    });

    public void Refuse(string message, string? code) => End(new ResponseDelta
    {
        RequestId = request.RequestId,
        FinishReason = FinishReasons.Error,
        Content = message,
        Extras = new DeltaExtras { ErrorMessage = message, ErrorCode = code },
        PromptTokenCount = _promptTokens,
    });

    public void Crash(bool midMessage) => engine.BeginCrash(midMessage);

    private ResponseDelta NextToken(string text)
    {
        _generated++;
        return Delta() with { Content = text, FinishReason = FinishReasons.Delta, TokensInDelta = 1, Tokens = [_generated] };
    }

    private ResponseDelta Delta() => new()
    {
        RequestId = request.RequestId,
        SequenceId = sequenceId,
        PromptIndex = prompt.PromptIndex,
        CandidateIndex = candidate,
        PromptTokenCount = _promptTokens,
        CachedTokenCount = 0,
        GenerationLength = _generated,
        ReasoningTokens = _reasoningTokens > 0 ? _reasoningTokens : null,
    };

    private void End(ResponseDelta delta)
    {
        HasEnded = true;
        Publish(delta with { IsFinal = true });
    }

    private void Publish(ResponseDelta delta)
    {
        _last = delta;
        engine.Publish(request.ResponseChannelId, delta);
    }

    private static int CountWords(PromptText text) =>
        Encoding.UTF8.GetString(text.Span).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
}
