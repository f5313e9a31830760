using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchard.Server.Streaming;

/// <summary>Writes the parts of a streamed response. Not thread-safe.</summary>
/// <param name="context">The request.</param>
/// <param name="format">How parts are written.</param>
internal sealed class StreamedResponse(HttpContext context, StreamFormat format) : IDisposable
{
    private readonly PipeWriter _body = context.Response.BodyWriter;
    private Utf8JsonWriter? _json;

    /// <summary>Whether the headers are sent.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Sends the headers.</summary>
    public Task StartAsync()
    {
        if (HasStarted)
        {
            return Task.CompletedTask;
        }

        HasStarted = true;
        HttpResponse response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = format == StreamFormat.ServerSentEvents ? "text/event-stream; charset=utf-8" : "application/x-ndjson";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no"; // proxies would hold parts back
        return response.StartAsync(context.RequestAborted);
    }

    /// <summary>Writes a part. Nothing is sent before <see cref="FlushAsync"/>.</summary>
    /// <param name="part">The part.</param>
    /// <param name="type">Its JSON contract.</param>
    /// <param name="name">Name of the event; null for none. Lines have no names.</param>
    public void Write<T>(T part, JsonTypeInfo<T> type, string? name = null)
    {
        BeginPart(name);
        _json ??= new Utf8JsonWriter(_body, new JsonWriterOptions { Encoder = type.Options.Encoder, SkipValidation = true });
        JsonSerializer.Serialize(_json, part, type);
        _json.Flush();
        _json.Reset(_body);
        EndPart();
    }

    /// <summary>Writes a part that is JSON already, on one line.</summary>
    /// <param name="json">The part.</param>
    /// <param name="name">Name of the event; null for none. Lines have no names.</param>
    public void WriteText(string json, string? name = null)
    {
        BeginPart(name);
        Encoding.UTF8.GetBytes(json, _body);
        EndPart();
    }

    /// <summary>Writes a comment, which only keeps the connection alive. Lines have no comments.</summary>
    public void WriteComment()
    {
        if (format == StreamFormat.ServerSentEvents)
        {
            Append(":\n\n"u8);
        }
    }

    /// <summary>Sends what was written, after the headers.</summary>
    public async ValueTask FlushAsync()
    {
        await StartAsync().ConfigureAwait(false);
        await _body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Releases the JSON writer. More parts can be written, such as an error.</summary>
    public void Dispose()
    {
        _json?.Dispose();
        _json = null;
    }

    private void BeginPart(string? name)
    {
        if (format == StreamFormat.JsonLines)
        {
            return;
        }

        if (name is not null)
        {
            Append("event: "u8);
            Encoding.UTF8.GetBytes(name, _body);
            Append("\n"u8);
        }

        Append("data: "u8);
    }

    private void EndPart() => Append(format == StreamFormat.ServerSentEvents ? "\n\n"u8 : "\n"u8);

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_body.GetSpan(bytes.Length));
        _body.Advance(bytes.Length);
    }
}
