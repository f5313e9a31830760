using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Output;
using Orchard.Engine.Scheduling;
using Orchard.Engine.Serving.Publishing;
using Orchard.Engine.Serving.Responses;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Serving.Requests;

/// <summary>Submits the sequences of a prompt to the scheduler. Thread-safe.</summary>
internal sealed class PromptSubmitter(IDeltaSink deltas, ILogger logger)
{
    /// <summary>Submits one sequence per candidate, or sends one error per candidate. Never throws.</summary>
    /// <param name="accepted">The request.</param>
    /// <param name="prompt">One of its prompts.</param>
    /// <param name="cancellationToken">Ends the preparation, because the request is cancelled or the engine stops.</param>
    public async ValueTask SubmitAsync(AcceptedRequest accepted, WirePrompt prompt, CancellationToken cancellationToken)
    {
        PromptSubmission? submission = null;
        RequestError? error = null;
        try
        {
            submission = await PromptSubmission.PrepareAsync(accepted, prompt, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            error = accepted.ToError(e);
        }

        SequenceResponder[] responders =
        [
            .. Enumerable.Range(0, prompt.CandidateCount)
                .Select(candidate => CreateResponder(accepted, prompt, candidate, submission?.Rules.Syntax)),
        ];
        if (error is not null && accepted.CancellationToken.IsCancellationRequested)
        {
            Array.ForEach(responders, static responder => responder.Cancel());
            return;
        }

        foreach (SequenceResponder[] identical in GroupIdentical(prompt, responders))
        {
            error ??= TrySubmit(submission!, Array.IndexOf(responders, identical[0]), identical);
            if (error is { } refusal)
            {
                Array.ForEach(identical, responder => responder.Fail(refusal));
            }
        }

        if (error is { } logged)
        {
            logger.RequestRefused(accepted.Request.RequestId, accepted.Request.ResponseChannelId, logged.Code);
        }
    }

    // Greedy candidates are identical, so one sequence is decoded for all of them.
    private static IEnumerable<SequenceResponder[]> GroupIdentical(WirePrompt prompt, SequenceResponder[] responders) =>
        responders.Length > 1 && !(prompt.Temperature > 0) ? [responders] : responders.Chunk(1);

    private static RequestError? TrySubmit(PromptSubmission submission, int candidate, SequenceResponder[] responders)
    {
        try
        {
            ISequenceObserver observer = responders is [var only] ? only : new SharedProgress(responders);
            submission.Accepted.Model.Scheduler.Submit(submission.ToSequence(candidate, observer));
            return null;
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            return submission.Accepted.DiscardModel(e);
        }
        catch (Exception e)
        {
            return submission.Accepted.ToError(e);
        }
    }

    private SequenceResponder CreateResponder(AcceptedRequest accepted, WirePrompt prompt, int candidate, OutputSyntax? syntax)
    {
        WireRequest request = accepted.Request;
        return new SequenceResponder(accepted.NextAddress(prompt.PromptIndex, candidate), deltas, accepted.EndSequence, logger)
        {
            Tokenizer = accepted.Model.Tokenizer,
            Cancelled = accepted.CancellationToken,
            FindDamage = () => accepted.Model.File is { IsDamaged: true } file ? file.Difference : null,
            Logprobs = LogprobReport.IsWanted(prompt) ? new LogprobReport(prompt, accepted.Model.Tokenizer) : null,
            Stopwatch = request.TraceParent is { } traceParent ? new SequenceStopwatch(traceParent, TimeProvider.System) : null,
            Prefill = request.WantsPrefillProgress ? new PrefillReport(TimeProvider.System) : null,
            Output = syntax is not null ? new OutputReader(syntax, request.OmitsItemValues) : null,
            Message = new MessageEvents(request.OmitsItemValues),
        };
    }
}
