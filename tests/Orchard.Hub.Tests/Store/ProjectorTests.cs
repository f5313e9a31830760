using Microsoft.AspNetCore.Http;
using Orchard.Hub.Errors;
using Orchard.Hub.Files;
using Orchard.Hub.Settings;
using Orchard.Hub.Tests.Hosting;
using Orchard.Hub.Transfer;

namespace Orchard.Hub.Tests.Store;

/// <summary>The vision projector that belongs to a model is stored with it.</summary>
public sealed class ProjectorTests
{
    private const string Precise = "mmproj-F16.gguf";
    private const string Near = "mmproj-Q8_0.gguf";

    private static readonly HubName Name = new("test/Model-GGUF", null, "Q8_0");

    [Fact]
    public async Task Download_RepositoryWithProjectors_StoresTheOneThatBelongsToTheModel()
    {
        await using HubFixture test = await StartAsync();

        StoredModel model = await test.DownloadAsync();

        test.AssertStored(model);
        Assert.Equal(Near, model.Projector?.Path);
        Assert.Equal(test.Repository.Files[Near], await File.ReadAllBytesAsync(model.ProjectorPath!, Cancellation));
        Assert.Equal([HubFixture.File, Near], test.Cache.SnapshotFiles(model.Commit).Select(file => file.Path).Order(StringComparer.Ordinal));
        Assert.Equal(model.ProjectorPath, Find(test)?.ProjectorPath);
    }

    [Fact]
    public async Task Download_ModelStoredWithoutItsProjector_TransfersOnlyThat()
    {
        await using HubFixture test = await StartAsync();
        test.Settings = test.Settings with { Projectors = ProjectorRule.Never };
        Assert.Null((await test.DownloadAsync()).Projector);
        test.Settings = test.Settings with { Projectors = ProjectorRule.Auto };
        test.Hub.Heal();
        var progress = new List<HubProgress>();

        StoredModel model = await test.DownloadAsync(report: progress.Add);

        Assert.Equal(Near, model.Projector?.Path);
        Assert.Equal(test.Repository.Files[Near].Length, progress[^1].Total);
    }

    [Fact]
    public async Task Download_ProjectorRequired_IsRefusedWithoutOne()
    {
        await using HubFixture test = await HubFixture.StartAsync();
        test.Settings = test.Settings with { Projectors = ProjectorRule.Require };

        var error = await Assert.ThrowsAsync<HubException>(() => test.DownloadAsync());

        Assert.Equal(HubErrorKind.NotFound, error.Kind);
        Assert.Contains("mmproj", error.Message, StringComparison.Ordinal);
        Assert.Empty(test.Cache.Commits());
    }

    [Fact]
    public async Task Find_ProjectorRequired_ModelWithoutItCountsAsNotStored()
    {
        await using HubFixture test = await StartAsync();
        test.Settings = test.Settings with { Projectors = ProjectorRule.Never };
        await test.DownloadAsync();
        test.Settings = test.Settings with { Projectors = ProjectorRule.Require };

        Assert.Null(Find(test));
        Assert.NotNull((await test.DownloadAsync()).Projector);
        Assert.NotNull(Find(test));
    }

    [Fact]
    public async Task Find_OtherProjectorStored_IsTaken()
    {
        await using HubFixture test = await StartAsync();
        test.Repository.Files.Remove(Near);
        await test.DownloadAsync();
        test.Repository.Files[Near] = TestModel.Create(1_000, seed: 8, architecture: "clip", type: "mmproj");
        test.Settings = test.Settings with { Projectors = ProjectorRule.Never };
        await test.DownloadAsync();

        Assert.Equal(Precise, Find(test)?.Projector?.Path);
    }

    [Fact]
    public async Task Download_ProjectorFails_TheNextCallTransfersOnlyThat()
    {
        await using HubFixture test = await StartAsync();
        byte[] projector = test.Repository.Files[Near];
        test.Hub.OnStorage = (context, content, _) =>
        {
            bool fails = content == projector;
            context.Response.StatusCode = fails ? StatusCodes.Status404NotFound : context.Response.StatusCode;
            return Task.FromResult(fails);
        };

        await Assert.ThrowsAsync<HubException>(() => test.DownloadAsync());
        test.Hub.Heal();
        Assert.Equal(Near, (await test.DownloadAsync()).Projector?.Path);
        Assert.Equal(projector.Length, test.Hub.BytesServed);
    }

    [Fact]
    public async Task Delete_LastModelOfAProjector_DeletesIt()
    {
        await using HubFixture test = await StartAsync();
        test.Repository.Files["Model-Q6_K.gguf"] = TestModel.Create(2_000, seed: 5);
        await test.DownloadAsync();
        await test.DownloadAsync("test/Model-GGUF:Q6_K");
        using var hub = new ModelHub(test.Settings);

        Assert.NotNull(await hub.DeleteAsync(Name with { Tag = "Q6_K" }, Cancellation));
        Assert.NotNull(hub.Find(Name)?.Projector);
        Assert.NotNull(await hub.DeleteAsync(Name, Cancellation));

        Assert.Empty(test.Cache.Commits());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<HubFixture> StartAsync()
    {
        HubFixture test = await HubFixture.StartAsync();
        test.Repository.Files[Precise] = TestModel.Create(3_000, seed: 3, architecture: "clip", type: "mmproj");
        test.Repository.Files[Near] = TestModel.Create(2_500, seed: 4, architecture: "clip", type: "mmproj");
        return test;
    }

    private static StoredModel? Find(HubFixture test)
    {
        using var hub = new ModelHub(test.Settings);
        return hub.Find(Name);
    }
}
