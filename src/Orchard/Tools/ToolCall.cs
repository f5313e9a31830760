using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchard;

/// <summary>A call of a tool, requested by the model. Immutable.</summary>
public sealed class ToolCall
{
    private const string IdCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>Creates a call, such as one of an earlier conversation.</summary>
    /// <param name="id">Identifies the call; its result refers to it.</param>
    /// <param name="name">Name of the tool.</param>
    /// <param name="arguments">The arguments, a JSON object as text.</param>
    public ToolCall(string id, string name, string arguments)
    {
        Id = id;
        Name = name;
        Arguments = arguments;
    }

    /// <summary>
    /// Identifies the call; pass it to <see cref="Message.Tool(string, string)"/> with the result. Assigned by this library for generated
    /// calls.
    /// </summary>
    public string Id { get; }

    /// <summary>Name of the tool.</summary>
    public string Name { get; }

    /// <summary>The arguments, a JSON object as text. If there is an <see cref="Error"/>, the text as the model generated it.</summary>
    public string Arguments { get; }

    /// <summary>
    /// Why the call cannot be executed: it is incomplete, or its arguments are not JSON or do not match the tool's schema. Null if it can
    /// be executed.
    /// </summary>
    public ToolCallException? Error { get; init; }

    /// <summary>Whether the answer ended in the middle of the call; <see cref="Error"/> is set in this case.</summary>
    internal bool IsCutShort { get; init; }

    /// <summary>Deserializes the arguments.</summary>
    /// <typeparam name="T">The type to deserialize to.</typeparam>
    /// <param name="type">Metadata of the type, from a source-generated context.</param>
    /// <exception cref="ToolCallException">The call has an <see cref="Error"/>, or the arguments do not match the type.</exception>
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
                ?? throw new ToolCallException($"The arguments of the call to the tool '{Name}' are null.", Name, Arguments);
        }
        catch (JsonException e)
        {
            throw new ToolCallException(
                $"The arguments of the call to the tool '{Name}' cannot be read as {typeof(T).Name}: {e.Message}", Name, Arguments, e);
        }
    }

    // Nine letters and digits: the chat templates of Mistral models accept no other ids.
    internal static string NewId() => RandomNumberGenerator.GetString(IdCharacters, 9);
}
