using System.Text;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Inference;
using Orchard.Engine.Output;
using Orchard.Engine.Scheduling;
using Orchard.Engine.Serving.Publishing;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Engine.Serving.Responses;

/// <summary>Converts the progress of one sequence to deltas, the last of which is final. Used by one thread at a time.</summary>
/// <param name="address">The ids of the sequence.</param>
/// <param name="deltas">Receives the deltas.</param>
/// <param name="onEnd">Called once, before the final delta is sent.</param>
/// <param name="logger">Logs deltas that could not be sent.</param>
internal sealed class SequenceResponder(SequenceAddress address, IDeltaSink deltas, Action onEnd, ILogger logger) : ISequenceObserver
{
    /// <summary>Converts the token that ended the sequence to text.</summary>
    public required ITokenizer Tokenizer { get; init; }

    /// <summary>
    /// Cancelled when the client cancels the request or disconnects. A sequence that is cancelled for another reason ends with an error,
    /// since its text is incomplete.
    /// </summary>
    public required CancellationToken Cancelled { get; init; }

    /// <summary>Creates the events of a plain message.</summary>
    public required MessageEvents Message { get; init; }

    /// <summary>Returns how the model's file was damaged, which explains a failure; null if it was not.</summary>
    public Func<string?>? FindDamage { get; init; }

    /// <summary>Parses the output into items; null if all of it is message.</summary>
    public OutputReader? Output { get; init; }

    /// <summary>Adds log probabilities; null if the request did not ask for them.</summary>
    public LogprobReport? Logprobs { get; init; }

    /// <summary>Measures the phases; null if the request is not traced.</summary>
    public SequenceStopwatch? Stopwatch { get; init; }

    /// <summary>Reports the progress of the prefill; null if the request did not ask for it.</summary>
    public PrefillReport? Prefill { get; init; }

    public void OnStarted() => Stopwatch?.OnStarted();

    public void OnPrefilling(int computed, int total)
    {
        if (Prefill?.Next(address, computed, total) is { } delta)
        {
            Send(delta);
        }
    }

    public void OnPrefilled() => Stopwatch?.OnPrefilled();

    public void OnProgress(in SequenceProgress progress)
    {
        bool isFinal = progress.End is not null;

        // The text becomes UTF-8 again when the delta is encoded. That costs about 25 ns and 32 bytes per token, too little to justify a
        // second representation of content beside the strings that parsers and readers need.
        string text = Encoding.UTF8.GetString(progress.Text);
        OutputPiece piece = Output is null
            ? new OutputPiece(text, Message.Take(text, isFinal), ReasoningTokens: 0)
            : Output.Read(text, progress.Tokens.Length, isFinal);
        DeltaExtras? extras = null;
        TokenLogprob[]? topLogprobs = Logprobs?.Add(progress, ref extras);
        var delta = new ResponseDelta
        {
            RequestId = address.RequestId,
            SequenceId = address.SequenceId,
            PromptIndex = address.PromptIndex,
            CandidateIndex = address.CandidateIndex,
            Content = piece.Content,
            FinishReason = FinishReasons.Delta,
            PromptTokenCount = progress.PromptTokens,
            CachedTokenCount = progress.CachedTokens,
            TokensInDelta = progress.Tokens.Length,
            GenerationLength = progress.GeneratedTokens,
            ReasoningTokens = piece.ReasoningTokens > 0 ? piece.ReasoningTokens : null,
            Tokens = progress.Tokens.ToArray(),
            TopLogprobs = topLogprobs,
            StateEvents = piece.Events,
            Extras = extras,
        };
        if (progress.End is { } end)
        {
            onEnd();
            delta = Finish(delta, end);
        }

        Send(delta);
    }

    /// <summary>Ends a sequence that was not submitted to the scheduler with an error.</summary>
    public void Fail(RequestError error) => EndUnsubmitted(ErrorDelta.ForSequence(address, error));

    /// <summary>Ends a sequence that was not submitted to the scheduler because its client has cancelled it.</summary>
    public void Cancel() => EndUnsubmitted(new ResponseDelta
    {
        RequestId = address.RequestId,
        SequenceId = address.SequenceId,
        PromptIndex = address.PromptIndex,
        CandidateIndex = address.CandidateIndex,
        IsFinal = true,
        FinishReason = FinishReasons.Cancelled,
        GenerationLength = 0,
    });

    private void EndUnsubmitted(ResponseDelta delta)
    {
        onEnd();
        Send(delta);
        deltas.Flush();
    }

    private ResponseDelta Finish(ResponseDelta delta, SequenceEnd end)
    {
        DeltaExtras extras = delta.Extras ?? new DeltaExtras();
        extras.Times = Stopwatch?.Stop();
        if (end.Reason == SequenceEndReason.Failed)
        {
            return FindDamage?.Invoke() is { } damage
                ? FinishWithError(delta, extras, ErrorCode.ModelChanged, damage)
                : FinishWithError(delta, extras, ErrorCode.Internal, end.Error ?? "The sequence failed.");
        }

        if (end.Reason == SequenceEndReason.Cancelled && !Cancelled.IsCancellationRequested)
        {
            return FinishWithError(delta, extras, ErrorCode.ShuttingDown, "The engine is shutting down.");
        }

        extras.MatchedStopTokenId = end.StopToken;
        extras.MatchedStopToken = end.StopString ?? ToText(end.StopToken);
        return delta with
        {
            IsFinal = true,
            FinishReason = end.Reason switch
            {
                SequenceEndReason.Stop => FinishReasons.Stop,
                SequenceEndReason.Length => FinishReasons.Length,
                _ => FinishReasons.Cancelled,
            },
            Extras = extras,
        };
    }

    private static ResponseDelta FinishWithError(ResponseDelta delta, DeltaExtras extras, string code, string error)
    {
        extras.ErrorCode = code;
        extras.ErrorMessage = Excerpt.Of(error);
        return delta with
        {
            IsFinal = true,
            FinishReason = FinishReasons.Error,
            Content = extras.ErrorMessage,
            StateEvents = null,
            Extras = extras,
        };
    }

    private string? ToText(int? token)
    {
        Span<byte> bytes = stackalloc byte[256];
        return token is { } id && Tokenizer.GetBytes(id, bytes) is > 0 and int length ? Encoding.UTF8.GetString(bytes[..length]) : null;
    }

    // The scheduler flushes after each step, so that all deltas of the step are sent in one write.
    private void Send(ResponseDelta delta)
    {
        try
        {
            deltas.Queue(address.ResponseChannelId, delta);
        }
        catch (Exception e)
        {
            // The scheduler's thread serves other sequences too and must not fail because of one delta.
            logger.DeltaLost(address.RequestId, e);
        }
    }
}
