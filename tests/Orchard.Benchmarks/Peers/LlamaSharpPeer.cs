using System.Collections.ObjectModel;
using System.Globalization;
using Orchard.Benchmarks.Memory;

namespace Orchard.Benchmarks.Peers;

/// <summary>LLamaSharp's batched executor, in the program of <c>tests/Orchard.Benchmarks.Peer</c>.</summary>
internal sealed class LlamaSharpPeer : IPeer
{
    private readonly LineProcess _process;

    private LlamaSharpPeer(LineProcess process) => _process = process;

    public string Name => "llamasharp";

    public ProcessMemory Memory => ProcessMemory.Of(_process.ProcessId);

    /// <summary>The built program; null if it is not there.</summary>
    public static string? Executable
    {
        get
        {
            string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
            string path = Path.GetFullPath(
                Path.Combine(AppContext.BaseDirectory, "..", "..", "Orchard.Benchmarks.Peer", configuration, "orchard-benchmarks-peer"));
            return File.Exists(path) ? path : null;
        }
    }

    /// <param name="path">The model file.</param>
    /// <param name="streams">Number of answers at the same time.</param>
    /// <param name="cells">Number of tokens of each, prompt and answer.</param>
    public static async Task<LlamaSharpPeer> StartAsync(string path, int streams, int cells)
    {
        string[] words = [path, Text(streams), Text(cells), Text(Environment.ProcessorCount)];
        var process = LineProcess.Start(Executable!, ReadOnlyDictionary<string, string>.Empty, words);
        _ = await process.ReadAsync<PeerRun>(); // its first load
        return new LlamaSharpPeer(process);
    }

    public Task<PeerRun> RunAsync(IReadOnlyList<string> prompts, int tokens) => _process.AskAsync<PeerRun>(new { prompts, tokens });

    public async Task<double> LoadAsync() => (await _process.AskAsync<PeerRun>(new { reload = true })).Milliseconds;

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
