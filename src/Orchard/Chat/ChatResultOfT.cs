namespace Orchard;

/// <summary>A finished answer that is a value. Immutable.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public sealed class ChatResult<T>
{
    internal ChatResult(T value, ChatResult result)
    {
        Value = value;
        Result = result;
    }

    /// <summary>What the model answered.</summary>
    public T Value { get; }

    /// <summary>The answer as it came: its text, its usage, and its alternatives.</summary>
    public ChatResult Result { get; }
}
