using System.Threading.Channels;
using Orchard.Engine.Inference;

namespace Orchard.Engine.Tests.Serving;

/// <summary>Computes one text at a time, each when the test says so. The vector is the number of the text's tokens.</summary>
internal sealed class ScriptedEmbedder : ITextEmbedder
{
    private readonly Channel<int[]> _entered = Channel.CreateUnbounded<int[]>();
    private readonly SemaphoreSlim _released = new(0);

    public Pooling Pooling => Pooling.Mean;

    public int MaxTokens => 64;

    public long Steps { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Waits until the next text is being computed.</summary>
    public Task<int[]> EnteredAsync() => _entered.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Lets the computation of one text end.</summary>
    public void Release() => _released.Release();

    public int[] JoinForRanking(ReadOnlySpan<int> query, ReadOnlySpan<int> document) => [.. query, .. document];

    public async Task EmbedAsync(
        IReadOnlyList<int[]> texts, Pooling? pooling, Action<int, float[]> onComputed, CancellationToken cancellationToken)
    {
        for (int i = 0; i < texts.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _entered.Writer.TryWrite(texts[i]);
            await _released.WaitAsync(CancellationToken.None);
            Steps++;
            onComputed(i, [texts[i].Length]);
        }
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
