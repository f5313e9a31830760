using Orchard.Connection;
using Orchard.Diagnostics;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Calls.Telemetry
{
    /// <summary>Stands in for the telemetry of chats, which no schedule observes.</summary>
    internal static class ChatTelemetry
    {
        public static bool IsEnabled => false;

        public static IAsyncEnumerable<ChatDelta> ObserveAsync(
            ObservedRequest request, Func<CancellationToken, IAsyncEnumerable<ChatDelta>> call, CancellationToken cancellationToken) =>
            throw new NotSupportedException($"{request} {call} {cancellationToken}");
    }

    /// <summary>Stands in for the spans of sequences.</summary>
    internal static class SequenceSpans
    {
        public static string? Context() => null;

        public static void Add(ResponseDelta delta, int? processId) => _ = (delta, processId);
    }
}

namespace Orchard.Diagnostics
{
    /// <summary>Stands in for the telemetry of loads.</summary>
    internal static class LoadTelemetry
    {
        public static Task<T> ObserveAsync<TState, T>((string Name, string Id) model, TState state, Func<TState, Task<T>> load) =>
            model.Name is null ? throw new ArgumentNullException(nameof(model)) : load(state);
    }
}

namespace Orchard.Connection
{
    /// <summary>Stands in for the telemetry of engines.</summary>
    internal static class EngineTelemetry
    {
        public static void Add(IObservedEngine session) => ArgumentNullException.ThrowIfNull(session);

        public static void Remove(IObservedEngine session) => ArgumentNullException.ThrowIfNull(session);

        public static void CountRestart()
        {
        }
    }
}
