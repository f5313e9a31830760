using Orchard.Engine.Native;
using Orchard.Engine.Prefixes;

namespace Orchard.Engine.Tests.Prefixes;

/// <summary>What is kept, and what leaves.</summary>
public sealed class PrefixFolderTests
{
    [Fact]
    public void Write_LimitReached_GivesUpTheLeastRecentlyUsed()
    {
        using var harness = new PrefixHarness();
        PrefixFolder folder = harness.Open(new PrefixLimits { Bytes = 10_000, FreeBytes = 0 });
        List<StoredPrefix> written = [];
        for (int i = 0; i < 4; i++)
        {
            written.Add(harness.Write(folder, PrefixHarness.Tokens(50, first: i), 2_000)!);
            harness.Time.Advance(TimeSpan.FromMinutes(1));
        }

        folder.Touch(written[0]);
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        harness.Write(folder, PrefixHarness.Tokens(50, first: 9), 2_000);

        IEnumerable<int> kept = folder.Scan(PrefixHarness.Model).Select(static prefix => prefix.Tokens[0]);
        Assert.Equal([0, 2, 3, 9], kept.Order());
    }

    [Fact]
    public void Write_LargerThanAQuarterOfTheLimit_IsNotKept()
    {
        using var harness = new PrefixHarness();

        Assert.Null(harness.Write(harness.Open(new PrefixLimits { Bytes = 10_000, FreeBytes = 0 }), PrefixHarness.Tokens(50), 2_500));
        Assert.Empty(harness.Files);
    }

    [Fact]
    public void Write_DiskNearlyFull_IsNotKept()
    {
        using var harness = new PrefixHarness();

        PrefixFolder folder = harness.Open(new PrefixLimits { FreeBytes = long.MaxValue / 2 });
        Assert.Null(harness.Write(folder, PrefixHarness.Tokens(50)));
        Assert.Null(harness.Write(folder, PrefixHarness.Tokens(60)));
        Assert.Empty(harness.Files);
        Assert.Single(harness.Log.Texts);
    }

    [Fact]
    public void Write_Failing_IsLoggedOnceUntilItWorksAgain()
    {
        using var harness = new PrefixHarness();
        PrefixFolder folder = harness.Open();
        bool isFull = true;
        foreach (bool full in (bool[])[true, true, false, true, true])
        {
            isFull = full;
            Assert.Equal(full, Write() is null);
        }

        Assert.Equal(2, harness.Log.Texts.Count);
        Assert.All(harness.Log.Texts, static text => Assert.Contains("No space left", text, StringComparison.Ordinal));
        Assert.Single(harness.Files);

        StoredPrefix? Write()
        {
            using NativeBuffer state = PrefixHarness.State(1_000);
            return folder.Write(
                harness.Key, harness.PlainKey, PrefixHarness.Tokens(50), state, () => _ = isFull ? throw new IOException("No space left.") : 0);
        }
    }

    [Fact]
    public void Scan_FileOfAnotherRelease_IsLeftToIt()
    {
        using var harness = new PrefixHarness();
        string file = harness.Write(harness.Open(), PrefixHarness.Tokens(50))!.Path;
        byte[] content = File.ReadAllBytes(file);
        content[7] = (byte)'2';
        File.WriteAllBytes(file, content);

        Assert.Empty(harness.Open().Scan(PrefixHarness.Model));
        Assert.Equal([file], harness.Files);
        Assert.Empty(harness.Log.Texts);
    }

    [Fact]
    public void Write_FolderCannotBeCreated_IsSurvived()
    {
        using var harness = new PrefixHarness();
        File.WriteAllText(harness.Path, "a file is in the way");

        Assert.Null(harness.Write(harness.Open(), PrefixHarness.Tokens(50)));
        Assert.Empty(harness.Open().Scan(PrefixHarness.Model));
    }

    [Fact]
    public void Scan_AfterItsTime_FindsNothing()
    {
        using var harness = new PrefixHarness();
        harness.Write(harness.Open(), PrefixHarness.Tokens(50));
        harness.Time.Advance(TimeSpan.FromDays(8));

        Assert.Empty(harness.Open().Scan(PrefixHarness.Model));
        Assert.Empty(harness.Files);
    }

    [Fact]
    public void Scan_FilesThatAreDamagedOrForeign_AreRemovedAndOthersFound()
    {
        using var harness = new PrefixHarness();
        string good = harness.Write(harness.Open(), PrefixHarness.Tokens(50))!.Path;
        string folder = Path.GetDirectoryName(good)!;
        File.WriteAllText(Path.Combine(folder, "foreign.prefix"), "something else");
        File.WriteAllBytes(Path.Combine(folder, "truncated.prefix"), File.ReadAllBytes(good)[..^5]);
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "of the user");

        Assert.Equal(good, Assert.Single(harness.Open().Scan(PrefixHarness.Model)).Path);
        Assert.Equal([good, Path.Combine(folder, "notes.txt")], harness.Files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Scan_ModelWasRemoved_RemovesWhatWasKeptForIt()
    {
        using var harness = new PrefixHarness();
        string model = Path.Combine(Path.GetDirectoryName(harness.Path)!, "other.gguf");
        File.WriteAllText(model, "a model");
        using (NativeBuffer state = PrefixHarness.State(100))
        {
            var other = new PrefixKey("fedcba", "settings") { ModelPath = model };
            harness.Open().Write(other, other.With(null)!, PrefixHarness.Tokens(50), state, static () => { });
        }

        string kept = harness.Write(harness.Open(), PrefixHarness.Tokens(50))!.Path;
        harness.Open().Scan(PrefixHarness.Model);
        Assert.Equal(2, harness.Files.Count);
        File.Delete(model);

        harness.Open().Scan(PrefixHarness.Model);

        Assert.Equal([kept], harness.Files);
        Assert.Single(Directory.GetDirectories(harness.Path));
    }

    [Fact]
    public void Scan_WhatAProcessThatEndedHasLeft_IsRemovedLater()
    {
        using var harness = new PrefixHarness();
        string good = harness.Write(harness.Open(), PrefixHarness.Tokens(50))!.Path;
        string unfinished = good + ".123.unfinished";
        File.WriteAllText(unfinished, "half");
        harness.Open().Scan(PrefixHarness.Model);
        Assert.True(File.Exists(unfinished));
        harness.Time.Advance(TimeSpan.FromHours(2));

        harness.Open().Scan(PrefixHarness.Model);

        Assert.False(File.Exists(unfinished));
        Assert.True(File.Exists(good));
    }

    [Fact]
    public void Scan_FolderThatOthersMayWriteTo_IsNotUsed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes of files.");
        using var harness = new PrefixHarness();
        harness.Write(harness.Open(), PrefixHarness.Tokens(50));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(harness.Path, (UnixFileMode)0b111_111_111);
        }

        Assert.Empty(harness.Open().Scan(PrefixHarness.Model));
        Assert.Null(harness.Write(harness.Open(), PrefixHarness.Tokens(60)));
    }
}
