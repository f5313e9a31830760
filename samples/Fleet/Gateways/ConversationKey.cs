using System.Text;
using System.Text.Json;

namespace Fleet.Gateways;

/// <summary>What all requests of a conversation begin with, and so what a member may have in its KV cache.</summary>
internal static class ConversationKey
{
    private const int MaxBytes = 2048;

    /// <summary>Returns the key of a request; empty if it has no conversation.</summary>
    public static byte[] Of(HttpContext context) => (byte[]?)context.Items[typeof(ConversationKey)] ?? [];

    /// <summary>Reads the key from the body, which is kept to be sent, and perhaps sent again.</summary>
    public static async Task ReadAsync(HttpContext context, RequestDelegate next)
    {
        context.Request.EnableBuffering();
        try
        {
            using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
            byte[] beginning = Encoding.UTF8.GetBytes(string.Concat(BeginningOf(body.RootElement)));
            context.Items[typeof(ConversationKey)] = beginning[..Math.Min(beginning.Length, MaxBytes)];
        }
        catch (JsonException)
        {
            // It has no body, or the member says what is wrong with it.
        }

        context.Request.Body.Position = 0;
        await next(context);
    }

    // Instructions and the first question are the same in every turn. What follows is not there in the first one.
    private static IEnumerable<string> BeginningOf(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        foreach (string name in (string[])["system", "instructions", "prompt"])
        {
            if (request.TryGetProperty(name, out JsonElement text))
            {
                yield return text.GetRawText();
            }
        }

        if (!request.TryGetProperty("messages", out JsonElement messages) && !request.TryGetProperty("input", out messages))
        {
            yield break;
        }

        JsonElement[] all = messages.ValueKind == JsonValueKind.Array ? [.. messages.EnumerateArray()] : [messages];
        foreach (JsonElement message in all)
        {
            yield return message.GetRawText();
            if (message.ValueKind != JsonValueKind.Object || IsOfUser(message))
            {
                yield break;
            }
        }
    }

    private static bool IsOfUser(JsonElement message) =>
        message.TryGetProperty("role", out JsonElement role) && role.ValueKind == JsonValueKind.String && role.ValueEquals("user");
}
