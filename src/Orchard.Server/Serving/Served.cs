using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Orchard.Server.Errors;
using Orchard.Server.Models;
using Orchard.Server.Streaming;

namespace Orchard.Server.Serving;

/// <summary>One request that is being served, with what its handler needs. Not thread-safe.</summary>
/// <param name="http">The request.</param>
/// <param name="client">The client.</param>
/// <param name="dialect">How errors are written.</param>
internal sealed class Served(HttpContext http, Client client, Dialect dialect)
{
    private const int MaxIgnoredNames = 32;
    private const int MaxIgnoredNameLength = 64;

    // A browser drops what it has received but the page has not read yet when a connection is cut, and the error with it.
    private const string ErrorsHeader = "X-Orchard-Errors";
    private const string InStream = "in-stream";

    private StreamedResponse? _stream;

    /// <summary>The request.</summary>
    public HttpContext Http { get; } = http;

    /// <summary>The client.</summary>
    public Client Client { get; } = client;

    /// <summary>Cancelled when the client of the request has gone.</summary>
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Whose key the request has; empty without keys.</summary>
    public string Caller { get; set; } = "";

    /// <summary>The model of the request; null until it has been found.</summary>
    public ServedModel? Model { get; private set; }

    /// <summary>Where the prompt of the request is, for errors.</summary>
    public PromptField Prompt { get; set; } = new("messages");

    /// <summary>Names of fields that have no effect, for the response header.</summary>
    public List<string> Ignored { get; } = [];

    /// <summary>Returns a service.</summary>
    public T Get<T>()
        where T : notnull => Http.RequestServices.GetRequiredService<T>();

    /// <summary>Returns the client's name of the model that a request asks for.</summary>
    /// <param name="requested">The name in the request; null or blank for the default.</param>
    /// <exception cref="ApiException">The model is not named, does not exist or is not offered.</exception>
    public string ResolveModel(string? requested)
    {
        string name = Get<ModelNames>().Resolve(requested);
        Use(string.IsNullOrWhiteSpace(requested) ? name : requested.Trim(), name);
        return name;
    }

    /// <summary>Remembers the model of the request, for errors.</summary>
    /// <param name="requested">As the request names it.</param>
    /// <param name="name">As the client names it.</param>
    public void Use(string requested, string name)
    {
        try
        {
            ModelStatus status = Client.Models.GetStatus(name);
            Model = new ServedModel(requested, name, status.Path, status.Id);
        }
        catch (ModelNotFoundException)
        {
            Model = new ServedModel(requested, name, "", ""); // the call itself will say so
        }
    }

    /// <summary>Sends the names of fields that have no effect, which must come before the headers are sent.</summary>
    public void WriteIgnored()
    {
        if (Ignored.Count > 0)
        {
            Http.Response.Headers["X-Orchard-Ignored"] = string.Join(
                ", ", Ignored.Distinct(StringComparer.Ordinal).Take(MaxIgnoredNames).Select(ToToken));
        }
    }

    /// <summary>Sends a whole answer.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="type">Its JSON contract.</param>
    public Task WriteAsync<T>(T body, JsonTypeInfo<T> type)
    {
        WriteIgnored();
        return Http.Response.WriteAsJsonAsync(body, type, contentType: null, Aborted);
    }

    /// <summary>Streams an answer.</summary>
    /// <param name="format">How the parts are written.</param>
    /// <param name="open">Starts the answer, which the token ends.</param>
    /// <param name="write">Writes a part.</param>
    /// <param name="writeHeartbeat">Writes what keeps the connection alive; null for a comment.</param>
    /// <param name="end">Writes the end; null for nothing.</param>
    /// <param name="isPreliminary">Whether a part says nothing yet, so that headers need not be sent for it; null for no part.</param>
    public async Task StreamAsync<T>(
        StreamFormat format,
        Func<CancellationToken, IAsyncEnumerable<T>> open,
        Action<StreamedResponse, T> write,
        Action<StreamedResponse>? writeHeartbeat = null,
        Action<StreamedResponse>? end = null,
        Func<T, bool>? isPreliminary = null)
    {
        WriteIgnored();
        using var stream = new StreamedResponse(Http, format);
        _stream = stream;
        await Get<StreamPace>().CopyAsync(
            open,
            stream,
            part => write(stream, part),
            () => (writeHeartbeat ?? (static response => response.WriteComment()))(stream),
            isPreliminary ?? (static _ => false),
            Aborted).ConfigureAwait(false);
        end?.Invoke(stream);
        await stream.FlushAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Sends an error: as the response, or into the stream that has been started, which is then cut unless the client looks for errors.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <param name="cause">Its cause.</param>
    /// <exception cref="StreamCutException">The error was written into the stream, which has no end.</exception>
    public async Task FailAsync(ApiError error, Exception cause)
    {
        if (!Http.Response.HasStarted)
        {
            Http.Response.StatusCode = error.Status;
            if (error.RetryAfter is { } delay)
            {
                Http.Response.Headers.RetryAfter = Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            }

            if (error == ApiError.ShuttingDown)
            {
                Http.Response.Headers.Connection = "close"; // the next request on this connection would be refused, too
            }

            if (error.Status == StatusCodes.Status401Unauthorized)
            {
                Http.Response.Headers.WWWAuthenticate = "Bearer";
            }

            WriteIgnored();
            await dialect.WriteErrorAsync(Http, error).ConfigureAwait(false);
            return;
        }

        if (_stream is { } stream)
        {
            dialect.WriteError(stream, error);
            await stream.FlushAsync().ConfigureAwait(false);
            if (Http.Request.Headers[ErrorsHeader] == InStream)
            {
                return;
            }
        }

        // Most clients do not look for an error in the stream. They see that the response has no end.
        throw new StreamCutException(cause);
    }

    private static string ToToken(string name) => string.Concat(name.Take(MaxIgnoredNameLength).Select(
        static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or '[' or ']' ? letter : '?'));
}
