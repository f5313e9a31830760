using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Native;
using Orchard.Engine.Prefixes;
using Orchard.Engine.Tests.Native;

namespace Orchard.Engine.Tests.Prefixes;

/// <summary>A folder with prefixes, and what the tests do with it.</summary>
internal sealed class PrefixHarness : IDisposable
{
    public const string Model = "0123456789abcdef";

    private readonly TemporaryFolder _folder = new();

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    /// <summary>What all folders of the test log.</summary>
    public RecordedLog Log { get; } = new();

    /// <summary>The folder, which is created with the first file.</summary>
    public string Path => System.IO.Path.Combine(_folder.Path, "prefixes");

    public PrefixKey Key { get; } = new(Model, "settings") { ModelPath = typeof(PrefixHarness).Assembly.Location };

    public string PlainKey => Key.With(null)!;

    public IReadOnlyList<string> Files => Directory.Exists(Path) ? [.. Directory.GetFiles(Path, "*", SearchOption.AllDirectories).Where(static file => !file.EndsWith("model", StringComparison.Ordinal))] : [];

    public static int[] Tokens(int count, int first = 1) => [.. Enumerable.Range(first, count)];

    public static NativeBuffer State(int bytes, byte seed = 1)
    {
        var state = new NativeBuffer(bytes);
        new Random(seed).NextBytes(state.Slice(0, bytes));
        return state;
    }

    public PrefixFolder Open(PrefixLimits? limits = null) =>
        new(Path, limits ?? new PrefixLimits { FreeBytes = 0 }, Time, Log);

    /// <summary>Writes a file. Returns null if it was not.</summary>
    public StoredPrefix? Write(PrefixFolder folder, int[] tokens, int bytes = 1_000, string? key = null)
    {
        using NativeBuffer state = State(bytes);
        StoredPrefix? written = folder.Write(Key, key ?? PlainKey, tokens, state, static () => { });
        if (written is not null)
        {
            folder.Touch(written); // at the time of the test
        }

        return written;
    }

    public void Dispose() => _folder.Dispose();
}
