using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchard;

/// <summary>Makes handlers of tools from functions with typed arguments and results. Pure.</summary>
internal static class ToolHandler
{
    public static Func<ToolCall, CancellationToken, Task<string>> Of<TArguments>(
        JsonTypeInfo<TArguments> arguments, Func<TArguments, CancellationToken, Task<string>> function) =>
        (call, cancellationToken) => function(call.ReadArguments(arguments), cancellationToken);

    public static Func<ToolCall, CancellationToken, Task<string>> Of<TArguments, TResult>(
        JsonTypeInfo<TArguments> arguments,
        JsonTypeInfo<TResult> result,
        Func<TArguments, CancellationToken, Task<TResult>> function) => async (call, cancellationToken) =>
        JsonSerializer.Serialize(await function(call.ReadArguments(arguments), cancellationToken).ConfigureAwait(false), result);
}
