using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Orchard.Server.Errors;
using Orchard.Server.Json;

namespace Orchard.Server.Serving;

/// <summary>Reads the bodies of requests, whatever their content type says.</summary>
internal static class RequestBody
{
    /// <summary>Returns the body, whose texts are valid Unicode.</summary>
    /// <param name="context">The request.</param>
    /// <param name="type">JSON contract of the body.</param>
    /// <exception cref="JsonException">The body is not valid JSON, or a value has the wrong type.</exception>
    /// <exception cref="ApiException">The body is no object, or has a text that is not valid Unicode.</exception>
    public static async ValueTask<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        byte[] body = await ReadBytesAsync(context.Request.BodyReader, context.RequestAborted).ConfigureAwait(false);
        if (!Utf8.IsValid(body) || (body.AsSpan().IndexOf("\\u"u8) >= 0 && !HasValidEscapes(body)))
        {
            throw Refuse("The body contains a text that is not valid Unicode.");
        }

        return JsonSerializer.Deserialize(body, type) ?? throw Refuse("The body is null; it must be a JSON object.");
    }

    private static async ValueTask<byte[]> ReadBytesAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (read.IsCompleted)
            {
                byte[] body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    // An escaped half of a character is JSON, but no text of .NET's encodings; it would fail wherever it is read first.
    private static bool HasValidEscapes(byte[] body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = WireJson.MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader is { TokenType: JsonTokenType.String or JsonTokenType.PropertyName, ValueIsEscaped: true })
                {
                    _ = reader.GetString();
                }
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static ApiException Refuse(string message) => new(new ApiError
    {
        Status = StatusCodes.Status400BadRequest,
        Code = "invalid_json",
        Message = message,
    });
}
