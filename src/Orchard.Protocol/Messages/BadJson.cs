using System.Text.Json;

namespace Orchard.Protocol.Messages;

/// <summary>How the framework's JSON reader says that its input is none.</summary>
internal static class BadJson
{
    /// <summary>
    /// Besides its own exception: <see cref="InvalidOperationException"/> for a string that is not valid UTF-8, and
    /// <see cref="IndexOutOfRangeException"/> for a literal that ends too early in the second of several segments.
    /// </summary>
    public static bool Is(Exception exception) => exception is JsonException or InvalidOperationException or IndexOutOfRangeException;
}
