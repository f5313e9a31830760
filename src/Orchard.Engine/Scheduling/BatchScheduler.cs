using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling;

/// <summary>Runs every sequence of one model through one decoder, batched continuously, on a thread of its own.</summary>
internal sealed class BatchScheduler : IAsyncDisposable
{
    /// <param name="decoder">Owned, and only touched on the scheduler's thread from here on.</param>
    /// <param name="tokenizer">The model's vocabulary.</param>
    /// <param name="name">The model, for the thread's name and messages.</param>
    public BatchScheduler(IDecoder decoder, ITokenizer tokenizer, string name) => throw new NotImplementedException();

    /// <summary>Tokens one sequence may hold, prompt and completion together.</summary>
    public int ContextLength => throw new NotImplementedException();

    /// <summary>A snapshot of the counters.</summary>
    public SchedulerStatistics Statistics => throw new NotImplementedException();

    /// <summary>Queues a sequence; it joins the batch at the next step with a free slot. Its observer is always told an end.</summary>
    /// <exception cref="ArgumentException">The prompt is empty, or can never fit the context.</exception>
    /// <exception cref="ObjectDisposedException">The scheduler is stopping.</exception>
    public void Submit(SequenceRequest request) => throw new NotImplementedException();

    /// <summary>Ends every sequence as cancelled, joins the thread and disposes the decoder.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <param name="DecodeSteps">Batched decode calls since the start.</param>
/// <param name="GeneratedTokens">Tokens sampled since the start.</param>
/// <param name="PromptTokens">Prompt tokens decoded since the start.</param>
/// <param name="Running">Sequences in the batch.</param>
/// <param name="Waiting">Sequences in the queue.</param>
internal readonly record struct SchedulerStatistics(long DecodeSteps, long GeneratedTokens, long PromptTokens, int Running, int Waiting);
