using Microsoft.Extensions.Logging.Abstractions;
using Orchard.Engine.Serving.Models;
using Orchard.TestSupport;

namespace Orchard.Engine.Tests.Serving;

/// <summary>One model under several paths.</summary>
public sealed class LinkedModelTests : IDisposable
{
    private static readonly string[] LinkNames = ["a", "b"];

    private readonly TemporaryRoot _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Load_AnotherLinkToTheFile_IsTheLoadedModelAndAnotherFileIsRefused()
    {
        string file = Path.Combine(_folder.Path, "blob");
        File.WriteAllBytes(file, [1]);
        string[] links = [.. LinkNames.Select(name => Path.Combine(_folder.Path, name + ".gguf"))];
        foreach (string link in links)
        {
            File.CreateSymbolicLink(link, file);
        }

        using var loader = new FakeModelLoader();
        await using var models = new LoadedModels(loader, new Recorder(), () => { }, TimeProvider.System, NullLogger.Instance);

        LoadTicket first = models.Load("id", "id", new LoadCommand(links[0]) { AnswersAtEnd = true });
        Assert.Null((await first.Outcome!.OrBroken("the load")).Error);

        Assert.NotNull(models.Load("id", "id", new LoadCommand(links[1]) { AnswersAtEnd = true }).Loaded);
        Assert.NotNull(models.Load("id", "id", new LoadCommand(file) { AnswersAtEnd = true }).Loaded);
        Assert.Contains("another id", models.Load("id", "id", new LoadCommand("/other.gguf") { AnswersAtEnd = true }).Refusal, StringComparison.Ordinal);
        Assert.Equal(1, loader.Loads);
    }
}
