using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Orchard.Hub.Errors;
using Orchard.Hub.Files;
using Orchard.Hub.Store;
using Orchard.Hub.Tests.Hosting;
using Orchard.Hub.Transfer;
using Orchard.TestSupport;

namespace Orchard.Hub.Tests.Transfer;

/// <summary>One transfer for any number of callers and processes.</summary>
public sealed class SharedDownloadTests
{
    [Fact]
    public async Task Download_TwentyCallers_OneTransfer()
    {
        await using HubFixture test = await HubFixture.StartAsync();

        StoredModel[] models = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => test.DownloadAsync()));

        Assert.All(models, test.AssertStored);
        Assert.Equal(test.Content.Length, test.Hub.BytesServed);
    }

    [Fact]
    public async Task Download_TwentyProcesses_OneTransfer()
    {
        const int Count = 20;
        await using HubFixture test = await HubFixture.StartAsync();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Hub.OnStorage = async (_, _, _) =>
        {
            await gate.Task;
            return false;
        };

        // In half of them the runtime does not lock files.
        Process[] processes = [.. Enumerable.Range(0, Count).Select(i => Start(test, runtimeLocks: i % 2 == 0))];
        try
        {
            // All of them have asked for the list before the first byte is sent.
            await Until(() => test.Hub.Seen.Count(request => request.Path.Contains("/tree/", StringComparison.Ordinal)) == Count, "the lists");
            gate.SetResult();
            string[] outputs = await Task.WhenAll(processes.Select(EndAsync)).OrBroken("all processes");
            Assert.All(outputs, path => Assert.Equal(test.Content, File.ReadAllBytes(path)));
            Assert.Equal(test.Content.Length, test.Hub.BytesServed);
        }
        finally
        {
            gate.TrySetResult();
            foreach (Process process in processes)
            {
                process.Kill();
                process.Dispose();
            }
        }
    }

    [Fact]
    public async Task Download_ProcessKilledInTheMiddle_AnotherGoesOnFromItsBytes()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        const int Sent = 120_000;
        test.Hub.OnStorage = async (context, content, request) =>
        {
            if (request > 1)
            {
                return false;
            }

            context.Response.ContentLength = content.Length;
            await context.Response.Body.WriteAsync(content.AsMemory(0, Sent));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return true;
        };

        using Process killed = Start(test);
        try
        {
            await Until(() => test.PartBytes == Sent, "the first bytes");
            Task<StoredModel> waiting = test.DownloadAsync();
            await Until(() => test.Hub.Seen.Count(request => request.Path.Contains("/tree/", StringComparison.Ordinal)) == 2, "the second caller");
            Assert.False(waiting.IsCompleted);

            killed.Kill();

            test.AssertStored(await waiting);
            Assert.Equal(test.Content.Length - Sent, test.Hub.BytesServed);
        }
        finally
        {
            killed.Kill();
        }
    }

    [Fact]
    public async Task Download_Cancelled_KeepsThePartAndTheNextGoesOn()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        using var cancel = new CancellationTokenSource();
        test.Hub.OnStorage = async (context, content, request) =>
        {
            if (request == 1)
            {
                context.Response.ContentLength = content.Length;
                await context.Response.Body.WriteAsync(content.AsMemory(0, 120_000));
                await context.Response.Body.FlushAsync();
                await Until(() => test.PartBytes == 120_000, "the first bytes");
                await cancel.CancelAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            }

            return request == 1;
        };

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => test.DownloadAsync(cancellationToken: cancel.Token));
        Assert.Equal(120_000, test.PartBytes);

        test.AssertStored(await test.DownloadAsync());
        Assert.Equal(test.Content.Length - 120_000, test.Hub.BytesServed);
    }

    [Fact]
    public async Task Download_Progress_GrowsThroughItsPhasesToTheTotal()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        var seen = new List<HubProgress>();

        await test.DownloadAsync(report: seen.Add);

        Assert.Equal([HubPhase.Resolving, HubPhase.Downloading, HubPhase.Verifying], seen.Select(progress => progress.Phase).Distinct());
        Assert.Equal(test.Content.Length, seen[^1].Bytes);
        Assert.All(seen.Skip(1), progress => Assert.Equal(test.Content.Length, progress.Total));
    }

    [Fact]
    public async Task Download_TheDiskIsFullWhileWriting_SaysSoAndTheNextGoesOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full exists only on Linux.");
        await using HubFixture test = await HubFixture.StartAsync();
        string part = test.Cache.PartPath(test.Digest);
        Directory.CreateDirectory(Path.GetDirectoryName(part)!);
        File.CreateSymbolicLink(part, "/dev/full");

        HubException error = await Assert.ThrowsAsync<HubException>(() => test.DownloadAsync());

        Assert.Equal(HubErrorKind.Download, error.Kind);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        File.Delete(part);
        test.AssertStored(await test.DownloadAsync());
    }

    [Fact]
    public async Task Download_WaitsForTheHolderOfTheLock()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        Task<StoredModel> waiting;
        using (await BlobLock.AcquireAsync(test.Cache.LockPath(test.Digest), TimeProvider.System, () => { }, CancellationToken.None))
        {
            var reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting = test.DownloadAsync(report: progress =>
            {
                if (progress.Phase == HubPhase.Downloading)
                {
                    reported.TrySetResult();
                }
            });
            await reported.Task.OrBroken("the caller that waits for the lock");
            Assert.DoesNotContain(test.Hub.Seen, request => request.IsStorage);
        }

        test.AssertStored(await waiting);
    }

    private static Process Start(HubFixture test, bool runtimeLocks = true)
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "Orchard.HubProcess"), [test.Hub.Endpoint.ToString(), test.Settings.Roots[0], HubFixture.Model])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = runtimeLocks ? "0" : "1";
        return Process.Start(start)!;
    }

    private static async Task<string> EndAsync(Process process)
    {
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output.Trim();
    }

    private static async Task Until(Func<bool> condition, string what)
    {
        async Task PollAsync()
        {
            while (!condition())
            {
                await Task.Delay(10);
            }
        }

        await PollAsync().OrBroken(what);
    }
}
