using System.Diagnostics;
using Orchard.Engine.Inference;
using Orchard.Engine.Scheduling;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Admission;

/// <summary>
/// The gap between two tokens of one stream while thousands of sequences wait for a slot, beside the gap while few do. The decoder takes a
/// fixed time per step, so whatever the gap has more is the scheduler's.
/// </summary>
internal static class AdmissionBenchmark
{
    private const string Name = "admission";
    private const int Few = 32;
    private const int SharedPrefix = 1000;
    private const int OwnTokens = 64;

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 5);
        int tokens = arguments.Number("tokens", 1000);
        int[] counts = [.. (arguments.Text("waiting") ?? "4000,10000").Split(',').Select(int.Parse)];
        (string Prompts, int Shared, int Clients)[] cases =
            [("own-prompts", 0, 1), ("common-prefix", SharedPrefix, 1), ("many-clients", SharedPrefix, 1000)];
        foreach ((string prompts, int shared, int clients) in cases)
        {
            foreach (int count in counts)
            {
                await MeasureAsync($"{prompts}-{count}", count, shared, clients);
            }
        }

        async Task MeasureAsync(string name, int count, int shared, int clients)
        {
            var few = new List<double>();
            var many = new List<double>();
            for (int run = -1; run < runs; run++)
            {
                double limit = await GapAsync(Few, tokens, shared, clients);
                double value = await GapAsync(count, tokens, shared, clients);
                if (run >= 0)
                {
                    few.Add(limit);
                    many.Add(value);
                }
            }

            reporter.Add(new Result(Name, name, Median(many), "ms", Median(few), runs));
        }
    }

    // The 99th percentile of the gaps, in milliseconds.
    private static async Task<double> GapAsync(int waiting, int tokens, int shared, int clients)
    {
        var stream = new Stream(tokens);
        await using var scheduler = new BatchScheduler(new FixedTimeDecoder(), new NoTokenizer(), "benchmark");
        for (int i = 0; i < waiting; i++)
        {
            Submit(i);
        }

        scheduler.Submit(new SequenceRequest { Prompt = [7], MaxTokens = tokens, ClientId = ulong.MaxValue, Observer = stream });
        double[] gaps = await stream.Gaps;
        return Percentile(gaps, 99);

        // Replaces each sequence that ends, so that the number of those that wait stays the same.
        void Submit(int number)
        {
            int[] prompt = [.. Enumerable.Range(0, shared), .. Enumerable.Repeat(number % 900, OwnTokens), number % 1000];
            try
            {
                scheduler.Submit(new SequenceRequest
                {
                    Prompt = prompt,
                    MaxTokens = 8,
                    ClientId = (ulong)(number % clients),
                    Observer = new Replacing(() => Submit(number)),
                });
            }
            catch (ObjectDisposedException)
            {
                // The measurement is over.
            }
        }
    }

    private sealed class Stream(int tokens) : ISequenceObserver
    {
        private readonly List<double> _gaps = new(tokens);
        private readonly TaskCompletionSource<double[]> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _last;

        public Task<double[]> Gaps => _end.Task;

        public void OnProgress(in SequenceProgress progress)
        {
            long now = Stopwatch.GetTimestamp();
            if (_last != 0)
            {
                _gaps.Add(Stopwatch.GetElapsedTime(_last, now).TotalMilliseconds);
            }

            _last = now;
            if (progress.End is not null)
            {
                _end.TrySetResult([.. _gaps]);
            }
        }
    }

    private sealed class Replacing(Action onEnd) : ISequenceObserver
    {
        public void OnProgress(in SequenceProgress progress)
        {
            if (progress.End is { Reason: SequenceEndReason.Length })
            {
                onEnd();
            }
        }
    }

    private sealed class NoTokenizer : ITokenizer
    {
        public int[] Tokenize(ReadOnlySpan<byte> utf8) => [];

        public int[] Tokenize(ReadOnlySpan<byte> utf8, IReadOnlyList<Protocol.Messages.Requests.PlainSpan> plain) => [];

        public int[] Tokenize(ReadOnlySpan<byte> utf8, bool addSpecial, bool parseSpecial) => [];

        public string Detokenize(ReadOnlySpan<int> tokens, bool special) => "";

        public int GetBytes(int token, Span<byte> destination)
        {
            destination[0] = (byte)'a';
            return 1;
        }

        public bool IsEndOfGeneration(int token) => false;
    }

    private sealed class FixedTimeDecoder : IDecoder
    {
        private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);

        private readonly float[] _logits = new float[VocabularyTokens];

        private const int VocabularyTokens = 1024;

        public int SequenceCapacity => 16;

        public int ContextLength => 4096;

        public int BatchCapacity => 512;

        public int OutputCapacity => 512;

        public bool CanRewind => true;

        public int VocabularySize => VocabularyTokens;

        public void Decode(ReadOnlySpan<BatchToken> batch)
        {
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < Step)
            {
                Thread.SpinWait(20);
            }
        }

        public Span<float> GetLogits(int batchIndex) => _logits;

        public void ClearSequence(int slot)
        {
        }

        public bool TrimSequence(int slot, CachedLength length) => true;

        public bool CopySequence(int source, int destination, CachedLength length) => true;

        public ISampler CreateSampler(SamplingParameters parameters) => new FirstToken();

        public void Dispose()
        {
        }
    }

    private sealed class FirstToken : ISampler
    {
        public int Sample(Span<float> logits) => 1;
    }
}
