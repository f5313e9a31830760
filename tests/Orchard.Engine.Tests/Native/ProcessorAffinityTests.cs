using System.Globalization;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;
using Orchard.Engine.Tests.Inference;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Native;

public sealed class ProcessorAffinityTests(StarterModel starter) : IClassFixture<StarterModel>
{
    [Fact]
    public void For_FewerThreadsThanProcessorsOrMore_LeavesThemToTheSystem()
    {
        Assert.Empty(ProcessorAffinity.For(1));
        Assert.Empty(ProcessorAffinity.For(Environment.ProcessorCount + 1));
    }

    [Fact]
    public async Task Bind_ThenUnbind_ThreadRunsOnThatProcessorAndThenOnAllAgain()
    {
        int first = FirstOfAll();

        // A thread of its own, that no other test gets to run on should this fail halfway.
        (string before, string bound, string after) = await Task.Factory.StartNew(
            () =>
            {
                string before = AllowedHere();
                ProcessorAffinity.Bind(first);
                string bound = AllowedHere();
                ProcessorAffinity.Unbind();
                return (before, bound, AllowedHere());
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).OrBroken("the thread that is bound");

        Assert.Equal(first.ToString(CultureInfo.InvariantCulture), bound);
        Assert.Equal(before, after);
    }

    [Fact]
    public void Decode_ThreadsOnAllProcessors_AreBoundUntilTheCallerRests()
    {
        int first = FirstOfAll();
        string before = AllowedHere();
        using LlamaDecoder decoder = starter.CreateDecoder(
            StarterModel.SmallDecoder with { Threads = Environment.ProcessorCount, BindsThreads = true });
        using LlamaDecoder unbound = starter.CreateDecoder(StarterModel.SmallDecoder with { Threads = Environment.ProcessorCount });

        decoder.Decode([new BatchToken(1, 0, 0, NeedsLogits: true)]);
        string during = AllowedHere();
        decoder.UnbindThread();
        unbound.Decode([new BatchToken(1, 0, 0, NeedsLogits: true)]);

        Assert.DoesNotContain('-', during);
        Assert.Equal(unbound.GetLogits(0).ToArray(), decoder.GetLogits(0).ToArray());
        Assert.Contains(first.ToString(CultureInfo.InvariantCulture), AllowedOfAllThreads());
        Assert.Equal(before, AllowedHere());
    }

    private static int FirstOfAll()
    {
        IReadOnlyList<int> all = ProcessorAffinity.For(Environment.ProcessorCount);
        Assert.SkipWhen(all.Count == 0 || all.Count > 16, "Threads are bound on Linux alone, to several processors that are all allowed.");
        return all[0];
    }

    private static string AllowedHere() => Allowed("/proc/thread-self");

    private static IEnumerable<string> AllowedOfAllThreads()
    {
        foreach (string thread in Directory.EnumerateDirectories("/proc/self/task"))
        {
            string? allowed = null;
            try
            {
                allowed = Allowed(thread);
            }
            catch (IOException)
            {
                // Threads of other tests end at any time.
            }

            if (allowed is not null)
            {
                yield return allowed;
            }
        }
    }

    private static string Allowed(string thread) =>
        File.ReadLines(Path.Combine(thread, "status")).First(static line => line.StartsWith("Cpus_allowed_list", StringComparison.Ordinal)).Split('\t')[1];
}
