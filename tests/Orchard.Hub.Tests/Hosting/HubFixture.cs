using Orchard.Hub.Files;
using Orchard.Hub.Settings;
using Orchard.Hub.Store;
using Orchard.Hub.Transfer;
using Orchard.TestSupport;

namespace Orchard.Hub.Tests.Hosting;

/// <summary>A hub with one model, and a cache for one test.</summary>
internal sealed class HubFixture : IAsyncDisposable
{
    public const string Model = "test/Model-GGUF:Q8_0";
    public const string File = "Model-Q8_0.gguf";
    public const string Token = "hf_secret";

    private readonly TemporaryRoot _folder = new();

    private HubFixture(TestHub hub)
    {
        Hub = hub;
        Content = TestModel.Create(200_000);
        Repository = hub.Add("test/Model-GGUF", (File, Content));
        Settings = new HubSettings
        {
            Endpoint = hub.Endpoint,
            Roots = [System.IO.Path.Combine(_folder.Path, "hub")],
            Token = Token,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            ResponseTimeout = TimeSpan.FromSeconds(30),
            StallTimeout = TimeSpan.FromSeconds(30),
        };
    }

    public TestHub Hub { get; }

    public byte[] Content { get; private set; }

    public string Digest => TestModel.Sha256(Content);

    public TestRepository Repository { get; }

    public HubSettings Settings { get; set; }

    /// <summary>Folder for other files of the test.</summary>
    public string Folder => _folder.Path;

    public CachedRepository Cache => new(Settings.Roots[0], "test/Model-GGUF");

    /// <summary>Number of bytes of the model that are stored but not complete.</summary>
    public long PartBytes => new FileInfo(Cache.PartPath(Digest)) is { Exists: true } part ? part.Length : 0;

    public static async Task<HubFixture> StartAsync() => new(await TestHub.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Replaces the model of the hub.</summary>
    public void UseContent(byte[] content)
    {
        Content = content;
        Repository.Files[File] = content;
    }

    /// <summary>Downloads a model with a new client of the hub.</summary>
    public async Task<StoredModel> DownloadAsync(
        string model = Model, Action<HubProgress>? report = null, CancellationToken cancellationToken = default)
    {
        Assert.True(HubName.TryParse(model, out HubName? name));
        using var hub = new ModelHub(Settings);
        return await hub.DownloadAsync(name, report ?? (_ => { }), cancellationToken).OrBroken($"the download of {model}");
    }

    /// <summary>Holds that the model is stored completely and rightly.</summary>
    public void AssertStored(StoredModel model)
    {
        Assert.Equal(Content, System.IO.File.ReadAllBytes(model.Paths[0]));
        Assert.Equal(Digest, model.Files[0].Sha256);
        Assert.False(System.IO.File.Exists(Cache.PartPath(Digest)));
    }

    /// <summary>Holds that the second host never saw the token.</summary>
    public void AssertTokenStayed()
    {
        Assert.All(Hub.Seen.Where(request => request.IsStorage), request => Assert.Null(request.Authorization));
        Assert.DoesNotContain(Hub.Seen, request => request.Path.Contains(Token, StringComparison.Ordinal));
    }
}
