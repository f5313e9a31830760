using System.Text;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Hosting;
using Orchard.Engine.Inference;
using Orchard.Engine.Output;
using Orchard.Engine.Scheduling;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving;

/// <summary>Which sequence of which request, as every delta names it.</summary>
internal readonly record struct SequenceAddress(ulong ResponseChannelId, ulong RequestId, ulong SequenceId, int PromptIndex, int CandidateIndex);

/// <summary>
/// Turns the progress of one sequence into deltas: exactly one of them final, and nothing after it. Used by one thread at a time.
/// </summary>
/// <param name="address">Where the deltas go and whose they are.</param>
/// <param name="tokenizer">Spells the token that ended the sequence.</param>
/// <param name="deltas">Takes the deltas.</param>
/// <param name="onEnd">Called once, before the final delta is sent.</param>
/// <param name="logger">For deltas that could not be sent.</param>
/// <param name="cancelled">
/// Fires when the client, or its end, cancels the request. A sequence cancelled without it ends as an error: nobody asked for a shorter text.
/// </param>
internal sealed class SequenceResponder(
    SequenceAddress address, ITokenizer tokenizer, IDeltaSink deltas, Action onEnd, ILogger logger, CancellationToken cancelled) : ISequenceObserver
{
    private static readonly StateEvent ItemStarted = new(StateEventType.ItemStarted, OutputItemType.Message, 0, StateEvent.MessageIdentifier);

    private readonly StringBuilder _text = new();
    private bool _started;

    /// <summary>Tells how probable the tokens were; null when nobody asked.</summary>
    public LogprobReport? Logprobs { get; init; }

    /// <summary>Takes the output apart; null when all of it is message.</summary>
    public OutputReader? Output { get; init; }

    /// <summary>Takes its times; null when nobody traces it.</summary>
    public SequenceStopwatch? Stopwatch { get; init; }

    public void OnStarted() => Stopwatch?.OnStarted();

    public void OnPrefilled() => Stopwatch?.OnPrefilled();

    public void OnProgress(in SequenceProgress progress)
    {
        string text = Encoding.UTF8.GetString(progress.Text);
        bool isFinal = progress.End is not null;
        var delta = new ResponseDelta
        {
            RequestId = address.RequestId,
            SequenceId = address.SequenceId,
            PromptIndex = address.PromptIndex,
            CandidateIndex = address.CandidateIndex,
            Content = text,
            FinishReason = FinishReasons.Delta,
            PromptTokenCount = progress.PromptTokens,
            CachedTokenCount = progress.CachedTokens,
            TokensInDelta = progress.Tokens.Length,
            GenerationLength = progress.GeneratedTokens,
            Tokens = progress.Tokens.ToArray(),
            StateEvents = Output is null ? Events(text, isFinal) : null,
        };

        delta = Logprobs?.Add(delta, progress) ?? delta;
        delta = Output?.Read(delta, isFinal) ?? delta;
        if (progress.End is null)
        {
            Send(delta);
            return;
        }

        onEnd();
        Send(Finish(delta, progress.End) with { Times = Stopwatch?.Stop() });
    }

    /// <summary>Ends a sequence that never got to the scheduler.</summary>
    public void Fail(RequestError error)
    {
        onEnd();
        Send(ErrorDelta.For(address, error));
        deltas.Flush();
    }

    private ResponseDelta Finish(ResponseDelta delta, SequenceEnd end)
    {
        if (end.Reason == SequenceEndReason.Failed)
        {
            return Failed(delta, ErrorCode.Internal, end.Error ?? "The sequence failed.");
        }

        if (end.Reason == SequenceEndReason.Cancelled && !cancelled.IsCancellationRequested)
        {
            return Failed(delta, ErrorCode.ShuttingDown, "The engine is shutting down.");
        }

        return delta with
        {
            IsFinal = true,
            FinishReason = end.Reason switch
            {
                SequenceEndReason.Stop => FinishReasons.Stop,
                SequenceEndReason.Length => FinishReasons.Length,
                _ => FinishReasons.Cancelled,
            },
            MatchedStopTokenId = end.StopToken,
            MatchedStopToken = end.StopString ?? Spell(end.StopToken),
        };
    }

    private static ResponseDelta Failed(ResponseDelta delta, string code, string error) => delta with
    {
        IsFinal = true,
        FinishReason = FinishReasons.Error,
        ErrorCode = code,
        ErrorMessage = error,
        Content = error,
        StateEvents = null,
    };

    private StateEvent[]? Events(string text, bool isFinal)
    {
        _text.Append(text);
        bool isStart = !_started && (text.Length > 0 || isFinal);
        _started |= isStart;
        int count = (isStart ? 1 : 0) + (text.Length > 0 ? 1 : 0) + (isFinal ? 1 : 0);
        if (count == 0)
        {
            return null;
        }

        var events = new StateEvent[count];
        int next = 0;
        if (isStart)
        {
            events[next++] = ItemStarted;
        }

        if (text.Length > 0)
        {
            events[next++] = new StateEvent(StateEventType.ContentDelta, OutputItemType.Message, 0, StateEvent.MessageIdentifier, Delta: text);
        }

        if (isFinal)
        {
            events[next] = new StateEvent(StateEventType.ItemCompleted, OutputItemType.Message, 0, StateEvent.MessageIdentifier, Value: _text.ToString());
        }

        return events;
    }

    private string? Spell(int? token)
    {
        Span<byte> bytes = stackalloc byte[256];
        return token is { } id && tokenizer.GetBytes(id, bytes) is > 0 and int length ? Encoding.UTF8.GetString(bytes[..length]) : null;
    }

    // What the scheduler's thread tells leaves with the rest of its step.
    private void Send(ResponseDelta delta)
    {
        try
        {
            deltas.Queue(address.ResponseChannelId, delta);
        }
        catch (Exception e)
        {
            // The scheduler's thread serves others: nothing that goes wrong with one delta may reach it.
            logger.DeltaLost(address.RequestId, e);
        }
    }
}
