using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>A scheduler with a <see cref="ScriptedDecoder"/>. On disposal, the decoder must have recorded no violation.</summary>
internal sealed class SchedulerHarness : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<int, Script> _scripts = new();
    private readonly ConcurrentBag<RecordingObserver> _observers = [];
    private int _submitted;

    public SchedulerHarness(
        bool gated = false,
        int slots = 4,
        int context = 256,
        int room = int.MaxValue,
        int batch = 64,
        int prefill = 16,
        Action? onStepCompleted = null,
        Action<SamplingParameters>? creatingSampler = null)
    {
        Decoder = new ScriptedDecoder
        {
            NextToken = NextToken,
            IsGated = gated,
            SequenceCapacity = slots,
            ContextLength = context,
            AllocatedLength = room,
            BatchCapacity = batch,
            CreatingSampler = creatingSampler,
        };
        Scheduler = new BatchScheduler(Decoder, Tokenizer, "scripted model", new BatchSchedulerOptions { MaxPrefillTokensPerStep = prefill, Time = new FakeTimeProvider() }) { StepCompleted = onStepCompleted };
    }

    public ScriptedDecoder Decoder { get; }

    public ScriptedTokenizer Tokenizer { get; } = new();

    public BatchScheduler Scheduler { get; }

    /// <summary>Submits a sequence that answers with the bytes of an ASCII text and then ends.</summary>
    public RecordingObserver Submit(
        string answer, int prompt = 1, int maxTokens = 0, string[]? stop = null, RecordingObserver? observer = null, CancellationTokenSource? cancel = null, bool reuse = true, bool deterministic = false) =>
        Submit([.. answer.Select(static letter => (int)letter)], prompt, maxTokens, stop, observer, cancel, reuse, deterministic);

    /// <summary>Submits a sequence that answers with the given tokens and then ends.</summary>
    public RecordingObserver Submit(
        int[] answer, int prompt = 1, int maxTokens = 0, string[]? stop = null, RecordingObserver? observer = null, CancellationTokenSource? cancel = null, bool reuse = true, bool deterministic = false)
    {
        int mark = ScriptedTokenizer.FirstMark + Interlocked.Increment(ref _submitted) - 1;
        _scripts[mark] = new Script(prompt, answer);
        observer ??= new RecordingObserver();
        _observers.Add(observer);
        Scheduler.Submit(new SequenceRequest
        {
            Prompt = [mark, .. Enumerable.Repeat((int)'p', prompt - 1)],
            MaxTokens = maxTokens,
            StopStrings = stop ?? [],
            UsesPrefixCache = reuse,
            IsDeterministic = deterministic,
            CancellationToken = cancel?.Token ?? default,
            Observer = observer,
        });
        return observer;
    }

    /// <summary>An answer longer than any test runs.</summary>
    public static string Endless { get; } = new('e', 200);

    /// <summary>Lets one gated step pass and returns its batch.</summary>
    public async Task<BatchToken[]> StepAsync()
    {
        BatchToken[] batch = await Decoder.EnteredAsync();
        Decoder.Release();
        return batch;
    }

    /// <summary>Disposes the scheduler while letting every decode pass.</summary>
    public async Task StopAsync()
    {
        ValueTask stopping = Scheduler.DisposeAsync();
        Decoder.OpenGate();
        await stopping.AsTask().WaitAsync(Limit);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Assert.Empty(Decoder.Violations);
        Assert.True(Decoder.IsDisposed);
        Assert.All(_observers, static observer => Assert.Equal(0, observer.CallsAfterEnd));
    }

    private int NextToken(IReadOnlyList<int> held)
    {
        Script script = _scripts[held[0]];
        int generated = held.Count - script.Prompt;
        return generated < script.Answer.Length ? script.Answer[generated] : ScriptedTokenizer.EndOfGeneration;
    }

    private sealed record Script(int Prompt, int[] Answer);
}
