using Microsoft.Extensions.Logging.Abstractions;
using Orchard.Engine.Files;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.Trials;
using Orchard.Engine.Tests.Native;

namespace Orchard.Engine.Tests.Inference;

/// <summary>What is found out by trying a model, and remembered.</summary>
public sealed class TrialTests(StarterModel starter) : IClassFixture<StarterModel>
{
    private static readonly DecoderOptions TwoThreads = StarterModel.SmallDecoder with { MaxThreads = 2 };

    [Theory]
    [InlineData("2 1", 2, 1)]
    [InlineData("3 1", 0, 0)] // more than allowed
    [InlineData("1", 0, 0)]
    [InlineData("0 -1", 0, 0)]
    [InlineData("passed", 0, 0)]
    public void ChooseThreads_StoredResult_IsUsedIfItIsValid(string stored, int singleToken, int batch)
    {
        using var folder = new TemporaryFolder();
        using LlamaDecoder decoder = starter.CreateDecoder(TwoThreads);
        Trials(folder).ChooseThreads(starter.Model, decoder, TwoThreads, TimeSpan.FromHours(1));
        string file = Assert.Single(Directory.GetFiles(folder.Path));
        string measured = File.ReadAllText(file);
        File.WriteAllText(file, stored);

        using LlamaDecoder next = starter.CreateDecoder(TwoThreads);
        Trials(folder).ChooseThreads(starter.Model, next, TwoThreads, TimeSpan.FromHours(1));

        Assert.Matches("^[12] [12]$", measured);
        if (singleToken > 0)
        {
            Assert.Equal(new ThreadCounts(singleToken, batch), next.Threads);
        }
        else
        {
            Assert.Matches("^[12] [12]$", File.ReadAllText(file)); // measured again
        }
    }

    [Fact]
    public void MayBatch_StoredResult_CountsForTheSameConfigurationOnly()
    {
        using var folder = new TemporaryFolder();
        using LlamaDecoder decoder = starter.CreateDecoder(StarterModel.SmallDecoder);
        DecoderOptions other = StarterModel.SmallDecoder with { FlashAttention = !StarterModel.SmallDecoder.FlashAttention };
        Assert.True(Trials(folder).MayBatch(starter.Model, decoder, StarterModel.SmallDecoder));
        File.WriteAllText(Assert.Single(Directory.GetFiles(folder.Path)), "failed");

        Assert.False(Trials(folder).MayBatch(starter.Model, decoder, StarterModel.SmallDecoder));
        Assert.True(Trials(folder).MayBatch(starter.Model, decoder, other));
    }

    [Fact]
    public void Tune_NoTimeForIt_LeavesTheThreads()
    {
        using LlamaDecoder decoder = starter.CreateDecoder(TwoThreads with { Threads = 2 });

        Assert.False(ThreadTuner.Tune(decoder, max: 2, TimeSpan.Zero, TimeProvider.System));

        Assert.Equal(new ThreadCounts(2, 2), decoder.Threads);
    }

    [Fact]
    public void LimitFor_Load_IsAFewPerCentOfIt()
    {
        Assert.Equal(TimeSpan.FromSeconds(0.5), ThreadTuner.LimitFor(TimeSpan.FromSeconds(10)));
        Assert.Equal(TimeSpan.FromMilliseconds(20), ThreadTuner.LimitFor(TimeSpan.FromMilliseconds(50)));
    }

    [Theory]
    [InlineData(4L << 20, true)]
    [InlineData(4L << 30, false)]
    public void MayFit_Weights_AreReadOftenEnoughWithinTheLimit(long weightBytes, bool fits) =>
        Assert.Equal(fits, ThreadTuner.MayFit(weightBytes, max: 2, TimeSpan.FromMilliseconds(20)));

    [Fact]
    public async Task MayBatch_ThreadOnEachProcessor_LeavesTheCallingThreadFreeToMove()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.ProcessorCount > 1, "Threads are bound to processors on Linux only.");
        using var folder = new TemporaryFolder();
        int threads = Environment.ProcessorCount;
        using LlamaDecoder decoder = starter.CreateDecoder(StarterModel.SmallDecoder with { Threads = threads, BindsThreads = true });

        (string before, string after) = await Task.Factory.StartNew(
            () =>
            {
                string processors = AllowedProcessors();
                Trials(folder).MayBatch(starter.Model, decoder, StarterModel.SmallDecoder);
                return (processors, AllowedProcessors());
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning, // on a thread of its own
            TaskScheduler.Default);

        Assert.Equal(before, after);
    }

    private static string AllowedProcessors() =>
        File.ReadLines("/proc/thread-self/status").Single(static line => line.StartsWith("Cpus_allowed:", StringComparison.Ordinal));

    private static ModelTrials Trials(TemporaryFolder folder) =>
        new(new ResultFolder(folder.Path, TimeProvider.System), TimeProvider.System, NullLogger.Instance);
}
