namespace Orchard.Engine.Serving;

/// <summary>Limits messages to clients that quote what a client has sent, which can be megabytes long.</summary>
internal static class Excerpt
{
    /// <summary>Most characters of a message.</summary>
    public const int MaxLength = 2000;

    /// <summary>Returns the message, or its beginning and how much was left out.</summary>
    public static string Of(string message)
    {
        if (message.Length <= MaxLength)
        {
            return message;
        }

        int length = char.IsHighSurrogate(message[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return $"{message.AsSpan(0, length)}… ({message.Length - length} more characters)";
    }
}
