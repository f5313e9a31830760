using Orchard.Benchmarks.Memory;

namespace Orchard.Benchmarks.Peers;

/// <summary>A program that runs a model, with all it needs to answer several prompts at the same time.</summary>
internal interface IPeer : IAsyncDisposable
{
    /// <summary>As the cases name it.</summary>
    string Name { get; }

    /// <summary>Resident memory of the process that has the model.</summary>
    ProcessMemory Memory { get; }

    /// <summary>Continues prompts greedily at the same time.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <param name="tokens">Number of tokens of each answer.</param>
    Task<PeerRun> RunAsync(IReadOnlyList<string> prompts, int tokens);

    /// <summary>Loads the model once more and returns the milliseconds. No answers are asked for after that.</summary>
    Task<double> LoadAsync();
}
