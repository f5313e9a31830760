using System.Diagnostics;
using Orchard.Protocol.Processes;

namespace Orchard.Protocol.Tests.Processes;

public sealed class ProcessProbeTests
{
    [Fact]
    public void Find_OwnProcess_IsThereWithTheSameMarkEachTime()
    {
        var probe = new ProcessProbe();

        ProcessMark? mark = probe.Find(Environment.ProcessId);

        Assert.NotNull(mark);
        Assert.Equal(mark, probe.Find(Environment.ProcessId));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Find_NoSuchProcess_IsNull(int pid) => Assert.Null(new ProcessProbe().Find(pid));

    [Fact]
    public async Task Find_EndedProcess_IsNull()
    {
        using Process child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--help"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Null(new ProcessProbe().Find(child.Id));
    }

    [Theory]
    [InlineData("12 (a) b (c)) S 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 99 1", 4711L)]
    [InlineData("12 (plain) R 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 5 99", 5L)]
    public void ParseStat_Running_TellsTheStartTime(string stat, long expected) =>
        Assert.Equal(new ProcessMark(expected), ProcessProbe.ParseStat(stat));

    [Theory]
    [InlineData("12 (zombie) Z 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 99")]
    [InlineData("12 (short) S 1 2")]
    [InlineData("")]
    public void ParseStat_DeadOrUnreadable_IsNull(string stat) => Assert.Null(ProcessProbe.ParseStat(stat));
}
