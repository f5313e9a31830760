using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>What users see when the file of a loaded model is deleted, replaced or truncated.</summary>
public sealed class ModelFileTests : IAsyncDisposable
{
    private const string Question = "What is the capital of France?";

    private readonly TemporaryRoot _root = new();

    public static bool IsLinux => OperatingSystem.IsLinux();

    private static string Starter { get; } = Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf");

    private string ModelPath => Path.Combine(_root.Path, "model.gguf");

    public async ValueTask DisposeAsync()
    {
        await Processes.UntilAsync(() => Processes.Of(_root.Path).Count == 0, "the engines of the test to leave");
        _root.Dispose();
    }

    [Fact]
    public async Task Chat_FileDeleted_IsAnsweredWhileTheModelIsLoaded()
    {
        await using Client client = await LoadedAsync();
        File.Delete(ModelPath);

        Assert.Contains("Paris", (await client.ChatAsync(ModelPath, Question).OrBroken("the answer")).Text, StringComparison.Ordinal);
        await client.Models.UnloadAsync(ModelPath).OrBroken("the unload");
        await Assert.ThrowsAsync<ModelNotFoundException>(() => client.ChatAsync(ModelPath, Question).OrBroken("the refusal"));
    }

    [Fact(Skip = "needs Linux", SkipUnless = nameof(IsLinux))]
    public async Task Chat_FileReplaced_UsesTheNewOne()
    {
        await using Client client = await LoadedAsync();
        File.Copy(Starter, ModelPath + ".new");
        File.Move(ModelPath + ".new", ModelPath, overwrite: true);

        Assert.Contains("Paris", (await client.ChatAsync(ModelPath, Question).OrBroken("the answer")).Text, StringComparison.Ordinal);

        string log = await File.ReadAllTextAsync(Path.Combine(_root.Path, "engine.log"));
        Assert.Equal(3, log.Split("Loading model").Length); // twice
    }

    [Fact(Skip = "needs Linux", SkipUnless = nameof(IsLinux))]
    public async Task Chat_MappedFileTruncated_TheErrorNamesIt()
    {
        await using Client client = await LoadedAsync();
        await client.ModelStateAsync(ModelPath, state => state.Counters?.MappedFile is not null, "a heartbeat that names the file");
        var endless = new GenerationOptions { MaxOutputTokens = 1500, IgnoreEndOfSequence = true };
        await using IAsyncEnumerator<ChatDelta> stream =
            client.ChatStreamAsync(ModelPath, "Give me a detailed description of a storm.", endless).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the first word"));

        using (FileStream file = File.OpenWrite(ModelPath))
        {
            file.SetLength(4096);
        }

        var error = await Assert.ThrowsAsync<EngineDiedException>(async () =>
        {
            while (await stream.MoveNextAsync().AsTask().OrBroken("the end of the stream"))
            {
            }
        });
        Assert.Contains($"'{ModelPath}' was changed", error.Message, StringComparison.Ordinal);
        Assert.True(error.ExitCode is 128 + 7 or null, $"exit code {error.ExitCode}");
    }

    [Theory(Skip = "needs Linux", SkipUnless = nameof(IsLinux))]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Load_MemoryMapAsChosen_IsMappedOrNot(bool usesMemoryMap)
    {
        await using Client client = await LoadedAsync(usesMemoryMap);

        string maps = await File.ReadAllTextAsync($"/proc/{client.CurrentSession!.ProcessId}/maps");

        Assert.Equal(usesMemoryMap, maps.Contains(ModelPath, StringComparison.Ordinal));
        Assert.Contains("Paris", (await client.ChatAsync(ModelPath, Question).OrBroken("the answer")).Text, StringComparison.Ordinal);
    }

    private async Task<Client> LoadedAsync(bool usesMemoryMap = true)
    {
        File.Copy(Starter, ModelPath);
        Client client = await Client.ConnectAsync(new ClientOptions
        {
            EngineRoot = _root.Path,
            EngineGraceTime = TimeSpan.FromSeconds(0.2),
            UseMemoryMap = usesMemoryMap,
            ReplayUnansweredCalls = false,
        }).OrBroken("the engine");
        await client.Models.EnsureLoadedAsync(ModelPath).OrBroken("the model");
        return client;
    }
}
