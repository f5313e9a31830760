using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchard;

/// <summary>The model's wish to have a tool called. Immutable.</summary>
/// <param name="Id">Names this call in its result, see <see cref="Message.Tool"/>. Made by this library.</param>
/// <param name="Name">Which tool.</param>
/// <param name="Arguments">Its arguments, a JSON object as text; as the model wrote them when there is an <see cref="Error"/>.</param>
public sealed record ToolCall(string Id, string Name, string Arguments)
{
    private const string IdCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>Why the call cannot be made: it is cut short, or its arguments are no JSON or not what the tool's schema says; null when it can.</summary>
    public ToolCallException? Error { get; init; }

    /// <summary>Whether the answer ended before the call did; there is an <see cref="Error"/> then.</summary>
    internal bool IsCutShort { get; init; }

    /// <summary>The arguments as an object.</summary>
    /// <param name="type">The type's metadata, source-generated.</param>
    /// <exception cref="ToolCallException">There is an <see cref="Error"/>, or the arguments do not fit the type.</exception>
    public T ReadArguments<T>(JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (Error is not null)
        {
            throw new ToolCallException(Error.Message, Name, Arguments, Error);
        }

        try
        {
            return JsonSerializer.Deserialize(Arguments, type)
                ?? throw new ToolCallException($"The arguments of the call of '{Name}' are null.", Name, Arguments);
        }
        catch (JsonException e)
        {
            throw new ToolCallException($"The arguments of the call of '{Name}' are no {typeof(T).Name}: {e.Message}", Name, Arguments, e);
        }
    }

    // Nine letters and digits: templates of one family take no other ids.
    internal static string NewId() => RandomNumberGenerator.GetString(IdCharacters, 9);
}
