using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orchard.Calls.Chat;

namespace Orchard;

public sealed partial class Client
{
    /// <summary>Sends a single user message and returns the answer as a value; the model is constrained to JSON of its type.</summary>
    /// <typeparam name="T">Type of the answer.</typeparam>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="prompt">The user message.</param>
    /// <param name="type">
    /// JSON contract of the type, for example from a source-generated <c>JsonSerializerContext</c>. The answer has every property; those of
    /// a nullable type may be null.
    /// </param>
    /// <param name="options">Generation options, without a response format; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <returns>The value, and the answer it was read from.</returns>
    /// <inheritdoc
    ///     cref="ChatAsync{T}(string, IReadOnlyList{Message}, JsonTypeInfo{T}, GenerationOptions?, CancellationToken)"
    ///     path="/exception"/>
    public Task<ChatResult<T>> ChatAsync<T>(
        string model, string prompt, JsonTypeInfo<T> type, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return ChatAsync(model, [Message.User(prompt)], type, options, cancellationToken);
    }

    /// <summary>Continues a conversation and returns the answer as a value; the model is constrained to JSON of its type.</summary>
    /// <typeparam name="T">Type of the answer.</typeparam>
    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="messages">The conversation so far, oldest message first; at least one message.</param>
    /// <param name="type">
    /// JSON contract of the type, for example from a source-generated <c>JsonSerializerContext</c>. The answer has every property; those of
    /// a nullable type may be null.
    /// </param>
    /// <param name="options">Generation options, without a response format; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <returns>The value, and the answer it was read from.</returns>
    /// <exception cref="StructuredOutputException">The answer was cut off, or cannot be deserialized.</exception>
    /// <exception cref="UnsupportedSchemaException">The JSON Schema of the type contains something that cannot be enforced.</exception>
    /// <inheritdoc cref="ChatAsync(string, IReadOnlyList{Message}, GenerationOptions?, CancellationToken)" path="/exception"/>
    public async Task<ChatResult<T>> ChatAsync<T>(
        string model,
        IReadOnlyList<Message> messages,
        JsonTypeInfo<T> type,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(type);
        GenerationOptions constrained = StructuredOutput.Hold(options, type);
        ChatResult result = await ChatAsync(model, messages, constrained, cancellationToken).ConfigureAwait(false);
        return new ChatResult<T>(StructuredOutput.Read(result, type), result);
    }

    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="prompt">The user message.</param>
    /// <param name="serializerOptions">
    /// Options with a JSON contract for the type: those of a source-generated <c>JsonSerializerContext</c>, or for example
    /// <see cref="JsonSerializerOptions.Web"/>, which uses reflection and is not for native AOT.
    /// </param>
    /// <param name="options">Generation options, without a response format; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <inheritdoc cref="ChatAsync{T}(string, string, JsonTypeInfo{T}, GenerationOptions?, CancellationToken)"/>
    public Task<ChatResult<T>> ChatAsync<T>(
        string model,
        string prompt,
        JsonSerializerOptions serializerOptions,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default) =>
        ChatAsync(model, prompt, StructuredOutput.ContractOf<T>(serializerOptions), options, cancellationToken);

    /// <param name="model"><c>starter</c>, the path of a GGUF file, or a name of the hub. Loaded first if necessary.</param>
    /// <param name="messages">The conversation so far, oldest message first; at least one message.</param>
    /// <param name="serializerOptions">
    /// Options with a JSON contract for the type: those of a source-generated <c>JsonSerializerContext</c>, or for example
    /// <see cref="JsonSerializerOptions.Web"/>, which uses reflection and is not for native AOT.
    /// </param>
    /// <param name="options">Generation options, without a response format; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the call and stops the generation in the engine.</param>
    /// <inheritdoc cref="ChatAsync{T}(string, IReadOnlyList{Message}, JsonTypeInfo{T}, GenerationOptions?, CancellationToken)"/>
    public Task<ChatResult<T>> ChatAsync<T>(
        string model,
        IReadOnlyList<Message> messages,
        JsonSerializerOptions serializerOptions,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default) =>
        ChatAsync(model, messages, StructuredOutput.ContractOf<T>(serializerOptions), options, cancellationToken);
}
