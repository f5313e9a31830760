namespace Orchard;

/// <summary>A complete answer, deserialized. Immutable.</summary>
/// <typeparam name="T">The requested type.</typeparam>
public sealed class ChatResult<T>
{
    internal ChatResult(T value, ChatResult result)
    {
        Value = value;
        Result = result;
    }

    /// <summary>The deserialized answer.</summary>
    public T Value { get; }

    /// <summary>The answer as generated, with its text, usage and alternatives.</summary>
    public ChatResult Result { get; }
}
