using Microsoft.Extensions.Time.Testing;
using Orchard.Engine.Files;
using Orchard.Engine.Tests.Native;

namespace Orchard.Engine.Tests.Files;

/// <summary>What was found out by trying, in files that other processes read and write as well.</summary>
public sealed class ResultFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private string Results => Path.Combine(_folder.Path, "results");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Stored_IsFoundByOtherProcessesUntilItIsRemoved()
    {
        Open().Store("key", "first");
        Open().Store("key", "second");

        Assert.Equal("second", Open().Find("key"));
        Assert.Equal([Open().PathOf("key")], Directory.GetFiles(Results));
        Open().Remove("key");
        Assert.Null(Open().Find("key"));
    }

    [Fact]
    public void Find_OldResult_CountsForItsLifeOnly()
    {
        Open().Store("key", "result");
        _time.Advance(TimeSpan.FromHours(25));

        Assert.Null(Open().Find("key", TimeSpan.FromDays(1)));
        Assert.Equal("result", Open().Find("key"));
    }

    [Fact]
    public void Find_FileThatCannotBeAResult_IsNone()
    {
        Open().Store("key", new string('x', 100_000));

        Assert.Null(Open().Find("key"));
    }

    [Fact]
    public void FolderThatCannotBe_IsSurvived()
    {
        File.WriteAllText(Results, "a file is in the way");

        Open().Store("key", "result");
        Open().Remove("key");

        Assert.Null(Open().Find("key"));
    }

    [Fact]
    public async Task ManyAtOnce_ReadWholeResultsAndLeaveNothingElse()
    {
        string[] results = [.. Enumerable.Range(0, 4).Select(writer => new string((char)('a' + writer), 5_000 + writer))];

        await Task.WhenAll(results.Select(result => Task.Run(() =>
        {
            for (int i = 0; i < 50; i++)
            {
                Open().Store("key", result);
                Assert.Contains(Open().Find("key"), results);
            }
        })));

        Assert.Equal([Open().PathOf("key")], Directory.GetFiles(Results));
    }

    private ResultFolder Open() => new(Results, _time);
}
