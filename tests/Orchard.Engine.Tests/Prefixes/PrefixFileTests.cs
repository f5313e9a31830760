using Orchard.Engine.Native;
using Orchard.Engine.Prefixes;

namespace Orchard.Engine.Tests.Prefixes;

/// <summary>Files are read as they were written, or refused before anything in them is used.</summary>
public sealed class PrefixFileTests
{
    private const int Bytes = (3 << 20) + 17; // several chunks

    [Fact]
    public void Written_IsReadTheSame()
    {
        using var harness = new PrefixHarness();
        StoredPrefix written = harness.Write(harness.Open(), PrefixHarness.Tokens(300), Bytes)!;

        StoredPrefix head = PrefixFile.ReadHead(written.Path);
        using NativeBuffer state = PrefixFile.ReadState(head);

        Assert.Equal(PrefixHarness.Tokens(300), head.Tokens);
        Assert.Equal(harness.PlainKey, head.Key);
        using NativeBuffer expected = PrefixHarness.State(Bytes);
        Assert.True(expected.Slice(0, Bytes).SequenceEqual(state.Slice(0, Bytes)));
    }

    [Fact]
    public void Written_OnlyThisUserCanRead()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes of files.");
        using var harness = new PrefixHarness();
        StoredPrefix written = harness.Write(harness.Open(), PrefixHarness.Tokens(300))!;

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(written.Path));
            UnixFileMode folder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Assert.Equal(folder, File.GetUnixFileMode(harness.Path));
            Assert.Equal(folder, File.GetUnixFileMode(Path.GetDirectoryName(written.Path)!));
        }
    }

    [Fact]
    public void ReadHead_AnyByteOfItChanged_IsRefused()
    {
        using var harness = new PrefixHarness();
        StoredPrefix written = harness.Write(harness.Open(), PrefixHarness.Tokens(40))!;
        byte[] content = File.ReadAllBytes(written.Path);
        for (int i = 0; i < (int)written.StateStart; i++)
        {
            byte[] changed = [.. content];
            changed[i] ^= 0x40;
            File.WriteAllBytes(written.Path, changed);

            Assert.Throws<InvalidDataException>(() => PrefixFile.ReadHead(written.Path));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(119)]
    [InlineData(200)]
    [InlineData(-1)]
    public void ReadHead_Truncated_IsRefused(int length)
    {
        using var harness = new PrefixHarness();
        StoredPrefix written = harness.Write(harness.Open(), PrefixHarness.Tokens(40))!;
        byte[] content = File.ReadAllBytes(written.Path);
        File.WriteAllBytes(written.Path, length < 0 ? content[..^1] : content[..length]);

        Assert.Throws<InvalidDataException>(() => PrefixFile.ReadHead(written.Path));
    }

    [Fact]
    public void ReadHead_ManyMoreTokensThanTheFileHas_IsRefusedBeforeMemoryIsTaken()
    {
        using var harness = new PrefixHarness();
        StoredPrefix written = harness.Write(harness.Open(), PrefixHarness.Tokens(40))!;
        byte[] content = File.ReadAllBytes(written.Path);
        BitConverter.TryWriteBytes(content.AsSpan(8), int.MaxValue);
        File.WriteAllBytes(written.Path, content);

        Assert.Throws<InvalidDataException>(() => PrefixFile.ReadHead(written.Path));
    }

    [Fact]
    public void ReadState_ChangedSince_IsRefused()
    {
        using var harness = new PrefixHarness();
        StoredPrefix written = harness.Write(harness.Open(), PrefixHarness.Tokens(40), Bytes)!;
        byte[] content = File.ReadAllBytes(written.Path);
        content[^1] ^= 1;
        File.WriteAllBytes(written.Path, content);

        StoredPrefix head = PrefixFile.ReadHead(written.Path);

        Assert.Throws<InvalidDataException>(() => PrefixFile.ReadState(head));
    }

    [Fact]
    public void Write_GivenUp_LeavesNothing()
    {
        using var harness = new PrefixHarness();
        using NativeBuffer state = PrefixHarness.State(Bytes);
        int chunks = 0;

        StoredPrefix? written = harness.Open().Write(
            harness.Key, harness.PlainKey, PrefixHarness.Tokens(40), state, () => _ = ++chunks < 3 ? 0 : throw new OperationCanceledException());

        Assert.Null(written);
        Assert.Empty(harness.Files);
    }
}
