using System.Text;
using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>Records all calls to the observer of a sequence, and detects calls after the end.</summary>
internal sealed class RecordingObserver : ISequenceObserver
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource<SequenceEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Entry> _entries = [];

    /// <summary>Called after each progress was recorded; may throw.</summary>
    public Action<Entry>? Observed { get; init; }

    public int CallsAfterEnd { get; private set; }

    public bool HasEnded => _end.Task.IsCompleted;

    public IReadOnlyList<Entry> Entries
    {
        get
        {
            lock (_entries)
            {
                return [.. _entries];
            }
        }
    }

    public string Text => Encoding.UTF8.GetString([.. Entries.SelectMany(static entry => entry.Bytes)]);

    public int[] Tokens => [.. Entries.SelectMany(static entry => entry.Tokens)];

    public Task<SequenceEnd> EndAsync() => _end.Task.WaitAsync(Limit);

    public void OnProgress(in SequenceProgress progress)
    {
        var entry = new Entry(
            progress.Text.ToArray(), progress.Tokens.ToArray(), progress.GeneratedTokens, progress.PromptTokens, progress.End);
        lock (_entries)
        {
            _entries.Add(entry);
            CallsAfterEnd += HasEnded ? 1 : 0;
        }

        try
        {
            Observed?.Invoke(entry);
        }
        finally
        {
            if (progress.End is { } end)
            {
                _end.TrySetResult(end);
            }
        }
    }

    internal sealed record Entry(byte[] Bytes, int[] Tokens, int GeneratedTokens, int PromptTokens, SequenceEnd? End)
    {
        public string Text => Encoding.UTF8.GetString(Bytes);
    }
}
