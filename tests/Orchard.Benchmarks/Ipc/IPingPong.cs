namespace Orchard.Benchmarks.Ipc;

/// <summary>One way to ask another process something and hear the beginning of its answer.</summary>
internal interface IPingPong : IAsyncDisposable
{
    /// <summary>Asks once; says how long it took.</summary>
    Task<TimeSpan> RoundTripAsync();
}
