using Orchard.Benchmarks.Memory;
using Orchard.Benchmarks.Models;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Peers;

/// <summary>The engine and the programs beside it, which wait while another one is measured.</summary>
internal sealed class PeerGroup : IAsyncDisposable
{
    private const string BenchmarkName = "peers";

    private readonly List<IPeer> _peers = [];

    private PeerGroup()
    {
    }

    /// <param name="model">The model.</param>
    /// <param name="streams">Number of answers at the same time.</param>
    /// <param name="cells">Number of tokens of each, prompt and answer.</param>
    /// <param name="arguments"><c>--without llamasharp,llama-server</c>, and <c>--flash-attention</c> for the engine.</param>
    public static async Task<PeerGroup> StartAsync(ModelUnderTest model, int streams, int cells, Arguments arguments)
    {
        string[] without = (arguments.Text("without") ?? "").Split(',');
        var options = new ModelOptions { FlashAttention = arguments.Has("flash-attention") ? true : null };
        var group = new PeerGroup();
        try
        {
            group._peers.Add(await EnginePeer.StartAsync(model, options));
            if (LlamaSharpPeer.Executable is null)
            {
                Reporter.Note("No LLamaSharp: build tests/Orchard.Benchmarks.Peer in the same configuration.");
            }
            else if (!without.Contains("llamasharp"))
            {
                group._peers.Add(await LlamaSharpPeer.StartAsync(model.Path, streams, cells));
            }

            if (LlamaServer.Executable is null)
            {
                Reporter.Note("No llama-server: ORCHARD_LLAMA_SERVER names none.");
            }
            else if (!without.Contains("llama-server"))
            {
                group._peers.Add(await LlamaServerPeer.StartAsync(model.Path, streams, cells));
            }

            return group;
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
    }

    /// <summary>Measures rounds in which each program answers the same prompts, and another one is the first in each round.</summary>
    /// <returns>For each round, the runs of the programs in their order.</returns>
    public async Task<IReadOnlyList<PeerRun[]>> MeasureAsync(Func<string[]> createPrompts, int tokens, int warmUps, int rounds)
    {
        var all = new List<PeerRun[]>();
        for (int round = -warmUps; round < rounds; round++)
        {
            string[] prompts = createPrompts();
            var runs = new PeerRun[_peers.Count];
            for (int turn = 0; turn < runs.Length; turn++)
            {
                int index = (round + warmUps + turn) % runs.Length;
                runs[index] = await _peers[index].RunAsync(prompts, tokens);
            }

            if (round >= 0)
            {
                all.Add(runs);
            }
        }

        return all;
    }

    /// <summary>Reports a figure of the engine beside that of each other program: medians, and the median of the ratios of the rounds.</summary>
    public void Report(Reporter reporter, string name, string unit, IReadOnlyList<PeerRun[]> rounds, Func<PeerRun, double> figure)
    {
        double own = Median(rounds.Select(runs => figure(runs[0])));
        for (int i = 1; i < _peers.Count; i++)
        {
            double ratio = Median(rounds.Select(runs => figure(runs[0]) / figure(runs[i])));
            reporter.Add(new Result(BenchmarkName, $"{name}-{_peers[i].Name}", own, unit, own / ratio, rounds.Count));
        }

        Reporter.Note($"{name}, medians: {string.Join(", ", _peers.Select((peer, i) => $"{peer.Name} {Median(rounds.Select(runs => figure(runs[i]))):0.#} {unit}"))}");
    }

    /// <summary>Reports the resident memory of the engine beside that of each other program, as it is now.</summary>
    public void ReportMemory(Reporter reporter, string name)
    {
        const double Megabyte = 1 << 20;
        ProcessMemory[] memory = [.. _peers.Select(static peer => peer.Memory)];
        for (int i = 1; i < memory.Length; i++)
        {
            reporter.Add(new Result(BenchmarkName, $"{name}-{_peers[i].Name}", memory[0].All / Megabyte, "MiB", memory[i].All / Megabyte, 1));
        }

        Reporter.Note($"{name}, without the pages of files: {string.Join(", ", _peers.Select((peer, i) => $"{peer.Name} {memory[i].Own / Megabyte:0} MiB"))}");
    }

    /// <summary>Reports the load of a file that is in memory. Nothing can be measured after that.</summary>
    public async Task ReportLoadAsync(Reporter reporter, int rounds)
    {
        List<double>[] loads = [.. _peers.Select(static _ => new List<double>())];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < _peers.Count; i++)
            {
                loads[i].Add(await _peers[i].LoadAsync());
            }
        }

        for (int i = 1; i < _peers.Count; i++)
        {
            reporter.Add(new Result(BenchmarkName, $"load-{_peers[i].Name}", Median(loads[0]), "ms", Median(loads[i]), rounds));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IPeer peer in _peers)
        {
            await peer.DisposeAsync();
        }
    }
}
