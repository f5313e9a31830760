using System.Text.Json;
using Orchard.Hub.Errors;
using Orchard.Hub.Files;
using Orchard.Hub.Tests.Hosting;

namespace Orchard.Hub.Tests.Store;

/// <summary>The cache is the one of the Hugging Face libraries, in both directions.</summary>
public sealed class StoreTests
{
    private const string OtherCommit = "2222222222222222222222222222222222222222";

    [Fact]
    public async Task Download_Layout_IsThatOfTheHuggingFaceLibraries()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        test.Repository.Files["nested/dir/Other-Q4_0.gguf"] = test.Content;
        test.Repository.Files.Remove(HubFixture.File);

        await test.DownloadAsync("test/Model-GGUF");

        string root = test.Settings.Roots[0];
        string folder = Path.Combine(root, "models--test--Model-GGUF");
        string link = Path.Combine(folder, "snapshots", test.Repository.Commit, "nested", "dir", "Other-Q4_0.gguf");
        Assert.Equal(test.Repository.Commit, File.ReadAllText(Path.Combine(folder, "refs", "main")));
        Assert.Equal(test.Content, File.ReadAllBytes(Path.Combine(folder, "blobs", test.Digest)));
        Assert.Equal($"../../../../blobs/{test.Digest}", new FileInfo(link).LinkTarget!.Replace('\\', '/'));
        Assert.True(File.Exists(Path.Combine(root, ".locks", "models--test--Model-GGUF", test.Digest + ".lock")));
        Assert.StartsWith("Signature: 8a477f597d28d172789f06886806bc55", File.ReadAllText(Path.Combine(root, "CACHEDIR.TAG")), StringComparison.Ordinal);
        Assert.Equal([test.Digest], Directory.GetFiles(Path.Combine(folder, "blobs")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Find_CacheFilledByPython_NoRequest()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        FillLikePython(test);
        using var hub = new ModelHub(test.Settings);

        StoredModel? model = hub.Find(new HubName("test/Model-GGUF", null, "Q8_0"));

        Assert.NotNull(model);
        test.AssertStored(model);
        Assert.Empty(test.Hub.Seen);
    }

    [Fact]
    public async Task Download_CacheFilledByPython_NoTransfer()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        FillLikePython(test);

        test.AssertStored(await test.DownloadAsync());

        Assert.DoesNotContain(test.Hub.Seen, request => request.IsStorage);
    }

    [Fact]
    public async Task Find_NoTagAndOnlyAnotherQuantizationStored_AsksTheHub()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        FillLikePython(test);
        using var hub = new ModelHub(test.Settings);

        Assert.Null(hub.Find(new HubName("test/Model-GGUF", null, null)));

        using var offline = new ModelHub(test.Settings with { IsOffline = true });
        Assert.NotNull(offline.Find(new HubName("test/Model-GGUF", null, null)));
    }

    [Fact]
    public async Task Find_NoTagAfterDownload_SameFileWithoutRequest()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        StoredModel downloaded = await test.DownloadAsync("test/Model-GGUF");
        test.Hub.Heal();
        using var hub = new ModelHub(test.Settings);

        StoredModel? found = hub.Find(new HubName("test/Model-GGUF", null, null));

        Assert.Equal(downloaded.Paths, found?.Paths);
        Assert.Equal("apache-2.0", found?.License);
        Assert.Empty(test.Hub.Seen);
    }

    [Fact]
    public async Task Find_SplitModelWithOnePartStored_Null()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        test.Repository.Files.Clear();
        test.Repository.Files["M-Q8_0-00001-of-00002.gguf"] = test.Content;
        test.Repository.Files["M-Q8_0-00002-of-00002.gguf"] = TestModel.Create(1000, seed: 2);
        StoredModel model = await test.DownloadAsync();
        Assert.Equal(2, model.Paths.Count);
        File.Delete(model.Paths[1]);
        using var hub = new ModelHub(test.Settings);

        Assert.Null(hub.Find(new HubName("test/Model-GGUF", null, "Q8_0")));
        Assert.All((await test.DownloadAsync()).Paths, path => Assert.True(File.Exists(path)));
    }

    [Fact]
    public async Task Download_NewCommit_SharesTheBlobAndMovesTheReference()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        await test.DownloadAsync();
        test.Repository.Commit = OtherCommit;
        test.Hub.Heal();

        StoredModel model = await test.DownloadAsync();

        Assert.Equal(OtherCommit, model.Commit);
        Assert.Equal(0, test.Hub.BytesServed);
        using var hub = new ModelHub(test.Settings);
        Assert.Equal(OtherCommit, hub.Find(new HubName("test/Model-GGUF", null, "Q8_0"))?.Commit);
    }

    [Fact]
    public async Task Download_Revision_HasItsOwnReference()
    {
        await using HubFixture test = await HubFixture.StartAsync();

        await test.DownloadAsync("test/Model-GGUF@v1.0:Q8_0");
        await test.DownloadAsync($"test/Model-GGUF@{test.Repository.Commit}:Q8_0");

        string[] references = Directory.GetFiles(Path.Combine(test.Settings.Roots[0], "models--test--Model-GGUF", "refs"));
        Assert.Equal(["v1.0"], references.Select(Path.GetFileName));
    }

    [Fact]
    public async Task Download_WithoutLinks_FileIsInTheSnapshot()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        test.Settings = test.Settings with { UseLinks = false };

        StoredModel model = await test.DownloadAsync();

        test.AssertStored(model);
        Assert.Null(new FileInfo(model.Paths[0]).LinkTarget);
        Assert.False(File.Exists(test.Cache.BlobPath(test.Digest)));
        test.Hub.Heal();
        test.AssertStored(await test.DownloadAsync());
        Assert.Equal(0, test.Hub.BytesServed);
    }

    [Fact]
    public async Task Download_FirstCacheCannotBeWritten_UsesItForReadingAndTheSecondForWriting()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        FillLikePython(test);
        string first = test.Settings.Roots[0];
        string second = Path.Combine(test.Folder, "second");
        // A file in the place of the folder: root may write into folders without permission.
        string blocked = Path.Combine(test.Folder, "blocked");
        File.WriteAllText(blocked, "");
        test.Repository.Files["Model-Q4_0.gguf"] = test.Content;

        test.Settings = test.Settings with { Roots = [first, blocked, second] };
        Assert.StartsWith(first, (await test.DownloadAsync()).Paths[0], StringComparison.Ordinal);

        test.Settings = test.Settings with { Roots = [blocked, second] };
        StoredModel model = await test.DownloadAsync("test/Model-GGUF:Q4_0");
        Assert.StartsWith(second, model.Paths[0], StringComparison.Ordinal);

        test.Settings = test.Settings with { Roots = [blocked] };
        HubException error = await Assert.ThrowsAsync<HubException>(() => test.DownloadAsync());
        Assert.Contains("HF_HUB_CACHE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_Offline_StoredFileOrAnErrorWithoutRequest()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        test.Settings = test.Settings with { IsOffline = true };
        HubException error = await Assert.ThrowsAsync<HubException>(() => test.DownloadAsync());
        Assert.Contains("HF_HUB_OFFLINE", error.Message, StringComparison.Ordinal);

        FillLikePython(test);

        test.AssertStored(await test.DownloadAsync());
        Assert.Empty(test.Hub.Seen);
    }

    [Fact]
    public async Task Download_HubUnreachable_StoredFile()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        FillLikePython(test);
        test.Hub.OnHub = (context, _) =>
        {
            context.Abort();
            return Task.FromResult(true);
        };

        test.AssertStored(await test.DownloadAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Download_FileOfAnotherProgram_IsUsedIfItsContentIsRight(bool isRight)
    {
        await using HubFixture test = await HubFixture.StartAsync();
        string blobs = Path.Combine(test.Folder, "ollama", "blobs");
        Directory.CreateDirectory(blobs);
        string blob = Path.Combine(blobs, "sha256-" + test.Digest);
        File.WriteAllBytes(blob, isRight ? test.Content : new byte[test.Content.Length]);
        test.Settings = test.Settings with { OllamaModels = Path.Combine(test.Folder, "ollama") };

        test.AssertStored(await test.DownloadAsync());

        Assert.Equal(isRight ? 0 : test.Content.Length, test.Hub.BytesServed);
    }

    [Fact]
    public async Task Download_FileOfLmStudio_IsUsed()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        string folder = Path.Combine(test.Folder, "lmstudio", "test", "Model-GGUF");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, HubFixture.File), test.Content);
        test.Settings = test.Settings with { LmStudioModels = Path.Combine(test.Folder, "lmstudio") };

        test.AssertStored(await test.DownloadAsync());

        Assert.Equal(0, test.Hub.BytesServed);
    }

    [Fact]
    public async Task List_And_Delete_StoredModels()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        test.Repository.Files["Model-Q4_0.gguf"] = TestModel.Create(1000, seed: 3);
        await test.DownloadAsync();
        await test.DownloadAsync("test/Model-GGUF:Q4_0");
        using var hub = new ModelHub(test.Settings);
        Assert.Equal(["test/Model-GGUF:Q4_0", "test/Model-GGUF:Q8_0"], hub.List().Select(model => model.Name).Order(StringComparer.Ordinal));

        Assert.Equal(test.Content.Length, await hub.DeleteAsync(new HubName("test/Model-GGUF", null, "Q8_0"), CancellationToken.None));
        Assert.Equal(["test/Model-GGUF:Q4_0"], hub.List().Select(model => model.Name));
        Assert.Null(await hub.DeleteAsync(new HubName("test/Model-GGUF", null, "Q8_0"), CancellationToken.None));

        Assert.Equal(1000, await hub.DeleteAsync(new HubName("test/Model-GGUF", null, "Q4_0"), CancellationToken.None));
        Assert.Empty(Directory.GetDirectories(test.Settings.Roots[0], "models--*"));
    }

    [Fact]
    public async Task Delete_BlobThatAnotherCommitNeeds_Stays()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        await test.DownloadAsync();
        string first = test.Repository.Commit;
        test.Repository.Commit = OtherCommit;
        await test.DownloadAsync();
        using var hub = new ModelHub(test.Settings);

        Assert.Equal(0, await hub.DeleteAsync(new HubName("test/Model-GGUF", null, "Q8_0"), CancellationToken.None));

        StoredModel? older = hub.Find(new HubName("test/Model-GGUF", first, "Q8_0"));
        Assert.NotNull(older);
        test.AssertStored(older);
    }

    [Fact]
    public async Task Download_NoGgufFiles_NamesTheRepositoriesThatTheHubLinks()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        test.Hub.Add("test/Model", ("model.safetensors", [1]));

        HubException error = await Assert.ThrowsAsync<HubException>(() => test.DownloadAsync("test/Model"));

        Assert.Equal(HubErrorKind.NotFound, error.Kind);
        Assert.Equal(["test/Model-GGUF"], error.Suggestions);
    }

    [Fact]
    public async Task Remembered_Files_AreReadableJson()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        await test.DownloadAsync();
        string path = Path.Combine(test.Settings.Roots[0], "models--test--Model-GGUF", ".orchard", test.Repository.Commit + ".json");
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal(test.Digest, json.RootElement.GetProperty("files")[0].GetProperty("id").GetString());
    }

    // As huggingface_hub's hf_hub_download does it.
    private static void FillLikePython(HubFixture test)
    {
        string folder = Path.Combine(test.Settings.Roots[0], "models--test--Model-GGUF");
        string snapshot = Path.Combine(folder, "snapshots", test.Repository.Commit);
        Directory.CreateDirectory(Path.Combine(folder, "blobs"));
        Directory.CreateDirectory(Path.Combine(folder, "refs"));
        Directory.CreateDirectory(snapshot);
        File.WriteAllBytes(Path.Combine(folder, "blobs", test.Digest), test.Content);
        File.WriteAllText(Path.Combine(folder, "refs", "main"), test.Repository.Commit);
        File.CreateSymbolicLink(Path.Combine(snapshot, HubFixture.File), $"../../blobs/{test.Digest}");
    }
}
