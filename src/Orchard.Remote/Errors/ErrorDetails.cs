using System.Text;
using System.Text.Json;

namespace Orchard.Remote.Errors;

/// <summary>What a server says about an error, in any of the forms of OpenAI, vLLM, SGLang, llama-server and Ollama.</summary>
internal sealed record ErrorDetails
{
    /// <summary>The most bytes of a body that are read.</summary>
    public const int MaxBytes = 64 << 10;

    /// <summary>The message; empty if there is none.</summary>
    public string Message { get; init; } = "";

    /// <summary>The type, such as <c>invalid_request_error</c>; empty if there is none.</summary>
    public string Type { get; init; } = "";

    /// <summary>The code, such as <c>model_not_found</c>; empty if there is none.</summary>
    public string Code { get; init; } = "";

    /// <summary>The parameter of the request; empty if there is none.</summary>
    public string Param { get; init; } = "";

    /// <summary>The status that the body names; null if it names none.</summary>
    public int? Status { get; init; }

    /// <summary>Tokens of the prompt; null if the body has no such member.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>Context length; null if the body has no such member.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Reads a body, which may be anything.</summary>
    /// <param name="body">The body, or its beginning.</param>
    public static ErrorDetails Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return OfElement(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new ErrorDetails { Message = Clean(Encoding.UTF8.GetString(body.Span)) };
        }
    }

    /// <summary>Reads the value of an <c>error</c> member, or an object that contains one.</summary>
    public static ErrorDetails OfElement(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return new ErrorDetails { Message = Clean(element.GetString()!) };
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return new ErrorDetails();
        }

        if (element.TryGetProperty("error", out JsonElement inner) && inner.ValueKind is JsonValueKind.Object or JsonValueKind.String)
        {
            return OfElement(inner);
        }

        string code = Text(element, "code");
        return new ErrorDetails
        {
            Message = Text(element, "message") is { Length: > 0 } message ? message : Detail(element),
            Type = Text(element, "type"),
            Code = code,
            Param = Text(element, "param"),
            Status = int.TryParse(code, out int status) && status is >= 400 and < 600 ? status : null,
            PromptTokens = Count(element, "n_prompt_tokens"),
            ContextLength = Count(element, "n_ctx"),
        };
    }

    /// <summary>Returns a text of a server without control characters.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (char letter in text)
        {
            bool isSpace = char.IsControl(letter) || char.IsWhiteSpace(letter);
            if (isSpace && (clean.Length == 0 || clean[^1] == ' '))
            {
                continue;
            }

            clean.Append(isSpace ? ' ' : char.IsSurrogate(letter) ? '\uFFFD' : letter);
        }

        return clean.ToString().TrimEnd();
    }

    // FastAPI's form: a text, or a list of objects with a text and a location.
    private static string Detail(JsonElement element)
    {
        if (!element.TryGetProperty("detail", out JsonElement detail))
        {
            return "";
        }

        return detail.ValueKind switch
        {
            JsonValueKind.String => Clean(detail.GetString()!),
            JsonValueKind.Array => Clean(string.Join("; ", detail.EnumerateArray().Take(4).Select(static one => Text(one, "msg")))),
            _ => "",
        };
    }

    private static string Text(JsonElement element, string name) =>
        element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out JsonElement value) ? ""
        : value.ValueKind == JsonValueKind.String ? Clean(value.GetString()!)
        : value.ValueKind == JsonValueKind.Number ? value.GetRawText()
        : "";

    private static int? Count(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out int count)
        && count >= 0
            ? count
            : null;
}
