using System.Collections.Concurrent;
using Orchard.Hub.Tests.Hosting;
using Orchard.TestModels;
using Orchard.TestSupport;

namespace Orchard.EndToEnd.Tests;

/// <summary>Models by names of the hub: found, downloaded, stored and loaded by a chat.</summary>
public sealed class HubTests(EngineFixture fixture) : IAsyncLifetime
{
    private const string Repository = "test/Starter-GGUF";
    private const string Model = Repository + ":Q8_0";
    private const string Question = "What is the capital of France?";
    private const string Answer = "The capital of France is Paris.";

    private readonly TemporaryRoot _cache = new();
    private readonly byte[] _content = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf"));
    private TestHub _hub = null!;
    private TestRepository _repository = null!;
    private Client _client = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await TestHub.StartAsync();
        _repository = _hub.Add(Repository, ("Starter-Q8_0.gguf", _content), ("Starter-Q4_0.gguf", [1, 2, 3]));
        _client = Client.Create(new ClientOptions
        {
            EngineRoot = fixture.EngineRoot,
            Hub = { Endpoint = _hub.Endpoint.ToString(), Token = "hf_secret", CacheDirectory = _cache.Path },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _hub.DisposeAsync();
        _cache.Dispose();
    }

    [Fact]
    public async Task Chat_NameOfTheHub_DownloadsLoadsAndAnswers()
    {
        Assert.Equal(Answer, (await _client.ChatAsync(Model, Question).OrBroken("the answer")).Text);

        Assert.All(_hub.Seen.Where(request => request.IsStorage), request => Assert.Null(request.Authorization));
        _hub.Heal();
        Assert.Equal(Answer, (await _client.ChatAsync($"hf:{Model}", Question).OrBroken("the next answer")).Text);
        Assert.Empty(_hub.Seen);
    }

    [Fact]
    public async Task EnsureLoaded_ManyCallers_OneDownloadAndAllHearItsPhases()
    {
        ConcurrentQueue<ModelLoadProgress>[] heard = [.. Enumerable.Range(0, 8).Select(_ => new ConcurrentQueue<ModelLoadProgress>())];

        ModelInfo[] models = await Task.WhenAll(heard.Select(reports => _client.Models.EnsureLoadedAsync(Model, new Listener(reports.Enqueue))))
            .OrBroken("the model");

        Assert.Equal(_content.Length, _hub.BytesServed);
        Assert.All(heard, reports => Assert.Equal(
            [
                ModelLoadPhase.Resolving, ModelLoadPhase.Downloading, ModelLoadPhase.Verifying,
                ModelLoadPhase.Connecting, ModelLoadPhase.Loading, ModelLoadPhase.Ready,
            ],
            reports.Select(report => report.Phase).Distinct()));
        ModelInfo model = models[0];
        Assert.Equal((Repository, _repository.Commit, "Starter-Q8_0.gguf"), (model.Repository, model.Revision, model.File));
        Assert.Equal((TestModel.Sha256(_content), "apache-2.0"), (model.Sha256, model.License));
        Assert.EndsWith("Starter-Q8_0.gguf", model.Path, StringComparison.Ordinal);
        Assert.EndsWith(model.Sha256!, model.Id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_OneFileByTwoRevisions_IsOneModel()
    {
        ModelInfo first = await _client.Models.EnsureLoadedAsync(Model).OrBroken("the model");
        _repository.Commit = new string('2', 40);

        LocalModel newer = await _client.Models.DownloadAsync(Model).OrBroken("the newer revision");
        await using Client other = Client.Create(new ClientOptions { EngineRoot = fixture.EngineRoot, Hub = { CacheDirectory = _cache.Path, Offline = true } });
        ModelInfo second = await other.Models.EnsureLoadedAsync(Model).OrBroken("the model by its newer revision");

        Assert.Equal(newer.Path, second.Path);
        Assert.NotEqual(first.Path, second.Path);
        Assert.Equal(first.Id, second.Id);
    }

    [Fact]
    public async Task Chat_SplitModel_LoadsAllPartsByAnyOfItsNames()
    {
        (byte[] first, byte[] second) = GgufSplit.InTwo(_content);
        _repository.Files.Clear();
        _repository.Files["Starter-Q8_0-00001-of-00002.gguf"] = first;
        _repository.Files["Starter-Q8_0-00002-of-00002.gguf"] = second;

        Assert.Equal(Answer, (await _client.ChatAsync(Model, Question).OrBroken("the answer")).Text);

        LocalModel stored = Assert.Single(await _client.Models.ListLocalAsync());
        Assert.Equal(first.Length + second.Length, stored.Bytes);
        Assert.True(await _client.Models.UnloadAsync(Model).OrBroken("the unload"));
        Assert.Equal(Answer, (await _client.ChatAsync(stored.Path, Question).OrBroken("the answer by the path in the cache")).Text);
    }

    [Fact]
    public async Task Download_List_GetFiles_Delete()
    {
        IReadOnlyList<RepositoryModel> files = await _client.Models.GetFilesAsync(Repository).OrBroken("the files");
        Assert.Equal([$"{Repository}:Q4_0", Model], files.Select(file => file.Name));
        Assert.Equal([3L, _content.Length], files.Select(file => file.Bytes));

        LocalModel model = await _client.Models.DownloadAsync(Repository).OrBroken("the download"); // Q8_0 comes before Q4_0
        Assert.Equal((Model, _repository.Commit, (long)_content.Length), (model.Name, model.Revision, model.Bytes));
        Assert.Equal([model.Path], (await _client.Models.ListLocalAsync()).Select(stored => stored.Path));
        Assert.Equal(ModelState.Idle, _client.Models.GetStatus(Model).State);

        await _client.Models.EnsureLoadedAsync(Model).OrBroken("the model");
        await Assert.ThrowsAsync<ModelInUseException>(() => _client.Models.DeleteAsync(Model));
        await _client.ChatAsync(Model, PrefixTests.LongText(400), new GenerationOptions { MaxOutputTokens = 1 }).OrBroken("an answer");
        Assert.True(await _client.Models.UnloadAsync(Model).OrBroken("the unload"));
        Assert.NotEmpty(PrefixTests.FilesOf(fixture.EngineRoot, _cache.Path));
        Assert.True(await _client.Models.DeleteAsync(Model).OrBroken("the deletion"));
        Assert.False(await _client.Models.DeleteAsync(Model).OrBroken("the second deletion"));
        Assert.Empty(await _client.Models.ListLocalAsync());
        Assert.Empty(PrefixTests.FilesOf(fixture.EngineRoot, _cache.Path));
    }

    [Fact]
    public async Task Chat_UnknownTagOrRepository_SaysWhatThereIs()
    {
        ModelNotFoundException error = await Assert.ThrowsAsync<ModelNotFoundException>(() => _client.ChatAsync(Repository + ":Q2_K", Question));
        Assert.Equal(Repository + ":Q2_K", error.Model);
        Assert.Equal([$"{Repository}:Q4_0", Model], error.Suggestions);
        Assert.Contains("Starter-Q8_0.gguf", error.Message, StringComparison.Ordinal);

        await Assert.ThrowsAsync<ModelNotFoundException>(() => _client.ChatAsync("test/no-such", Question));
        await Assert.ThrowsAsync<ArgumentException>(() => _client.Models.DownloadAsync("starter"));
        await _client.Models.DownloadAsync(Model).OrBroken("the download");
        error = await Assert.ThrowsAsync<ModelNotFoundException>(() => _client.ChatAsync("startr", Question));
        Assert.Equal(["starter"], error.Suggestions);
    }

    [Fact]
    public async Task Chat_GatedRepository_NamesThePage()
    {
        _repository.RequiredToken = "hf_other";

        ModelAccessException error = await Assert.ThrowsAsync<ModelAccessException>(() => _client.ChatAsync(Model, Question));

        Assert.Equal(new Uri(_hub.Endpoint, Repository), error.Page);
        Assert.Contains("HF_TOKEN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_BrokenTransfer_SaysHowFarItGotAndTheNextCallGoesOn()
    {
        int sent = _content.Length / 2;
        _hub.OnStorage = async (context, content, request) =>
        {
            if (request == 1)
            {
                await _hub.SendAsync(context, content, sent);
            }
            else
            {
                context.Response.StatusCode = 404;
            }

            return true;
        };

        ModelDownloadException error = await Assert.ThrowsAsync<ModelDownloadException>(() => _client.ChatAsync(Model, Question));
        Assert.Equal((sent, _content.Length), (error.ReceivedBytes, error.TotalBytes));

        _hub.Heal();
        Assert.Equal(Answer, (await _client.ChatAsync(Model, Question).OrBroken("the answer")).Text);
        Assert.Equal(_content.Length - sent, _hub.BytesServed);
    }

    [Fact]
    public async Task Chat_CancelledOrDisposedDuringTheDownload_EndsAsSuch()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _hub.OnStorage = async (context, _, _) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return true;
        };
        using var cancel = new CancellationTokenSource();
        Task<ChatResult> cancelled = _client.ChatAsync(Model, Question, cancellationToken: cancel.Token);
        Task<ChatResult> other = _client.ChatAsync(Model, Question);
        await asked.Task.OrBroken("the transfer");
        Assert.Equal(ModelState.Loading, _client.Models.GetStatus(Model).State);

        await cancel.CancelAsync();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrBroken("the cancelled call"));
        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.False(other.IsCompleted);

        await _client.DisposeAsync().AsTask().OrBroken("the disposal");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => other.OrBroken("the call of the disposed client"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _client.ChatAsync(Model, Question));
    }

    private sealed class Listener(Action<ModelLoadProgress> report) : IProgress<ModelLoadProgress>
    {
        public void Report(ModelLoadProgress value) => report(value);
    }
}
