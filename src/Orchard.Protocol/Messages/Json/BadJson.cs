using System.Text.Json;

namespace Orchard.Protocol.Messages.Json;

/// <summary>Recognizes the exceptions that the framework's JSON reader throws for malformed input.</summary>
internal static class BadJson
{
    /// <summary>
    /// Besides <see cref="JsonException"/> these are <see cref="InvalidOperationException"/> for a string that is not valid UTF-8, and
    /// <see cref="IndexOutOfRangeException"/> for a literal that is cut off in the second of several segments.
    /// </summary>
    public static bool Is(Exception exception) => exception is JsonException or InvalidOperationException or IndexOutOfRangeException;
}
