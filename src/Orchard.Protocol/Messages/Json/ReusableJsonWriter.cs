using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchard.Protocol.Messages.Json;

/// <summary>Keeps one <see cref="Utf8JsonWriter"/> per thread, so that a message per token does not allocate a writer per token.</summary>
internal static class ReusableJsonWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static Utf8JsonWriter? _idle;

    /// <summary>
    /// Rents this thread's writer for <paramref name="destination"/>. Disposing the lease, on the same thread, flushes the writer.
    /// </summary>
    public static Lease Rent(IBufferWriter<byte> destination)
    {
        Utf8JsonWriter? json = _idle;
        _idle = null;
        if (json is null)
        {
            json = new Utf8JsonWriter(destination, Options);
        }
        else
        {
            json.Reset(destination);
        }

        return new Lease(json);
    }

    internal readonly ref struct Lease(Utf8JsonWriter json)
    {
        public Utf8JsonWriter Json { get; } = json;

        public void Dispose()
        {
            Json.Flush();

            // An idle writer must not keep a destination alive.
            Json.Reset(NoDestination.Instance);
            _idle = Json;
        }
    }

    private sealed class NoDestination : IBufferWriter<byte>
    {
        public static NoDestination Instance { get; } = new();

        public void Advance(int count) => throw new InvalidOperationException("The writer has no destination.");

        public Memory<byte> GetMemory(int sizeHint = 0) => throw new InvalidOperationException("The writer has no destination.");

        public Span<byte> GetSpan(int sizeHint = 0) => throw new InvalidOperationException("The writer has no destination.");
    }
}
