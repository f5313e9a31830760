using Orchard.Hub.Errors;
using Orchard.Hub.Tests.Hosting;

namespace Orchard.Hub.Tests.Transfer;

/// <summary>
/// Whatever goes wrong, a download ends with the right file, or with a typed error and a part from which the next one goes on; never with
/// a wrong file under a right name.
/// </summary>
public sealed class FaultTests
{
    public static TheoryData<string, bool> Cases
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (FaultCase fault in FaultCases.All)
            {
                data.Add(fault.Name, false);
                data.Add(fault.Name, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Download_Fault_RightFileOrErrorAndTheNextGoesOn(string name, bool parallel)
    {
        await using HubFixture test = await HubFixture.StartAsync();
        if (parallel)
        {
            test.Settings = test.Settings with { ParallelBytes = 1000, ChunkBytes = 30_000 };
        }

        FaultCase fault = FaultCases.All.Single(fault => fault.Name == name);
        fault.Break(test);

        if (fault.Error is { } kind)
        {
            HubException error = await Assert.ThrowsAsync<HubException>(() => test.DownloadAsync());
            Assert.True(error.Kind == kind, $"{error.Kind}: {error.Message}");
            Assert.False(File.Exists(test.Cache.BlobPath(test.Digest)));
            Assert.Empty(test.Cache.Commits().SelectMany(test.Cache.SnapshotFiles));
        }
        else
        {
            test.AssertStored(await test.DownloadAsync());
        }

        test.AssertTokenStayed();
        await AssertNextWorks(test, fault, parallel);
        test.AssertTokenStayed();
    }

    private static async Task AssertNextWorks(HubFixture test, FaultCase fault, bool parallel)
    {
        test.Hub.Heal();
        test.Repository.RequiredToken = null;
        test.Repository.Files.Clear();
        test.Repository.Files[HubFixture.File] = test.Content;
        test.Settings = test.Settings with { FreeBytes = _ => null, StallTimeout = TimeSpan.FromSeconds(30) };
        long stored = test.PartBytes;

        // Of parallel ranges only those without a gap before them are kept, and the first one may have been the last to be served.
        Assert.True(!fault.KeepsPart || parallel || stored > 0, "nothing was kept");

        test.AssertStored(await test.DownloadAsync());

        if (fault.KeepsPart)
        {
            Assert.Equal(test.Content.Length - stored, test.Hub.BytesServed);
        }
    }
}
