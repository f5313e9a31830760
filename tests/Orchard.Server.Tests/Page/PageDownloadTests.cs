using Microsoft.Playwright;
using Orchard.Hub.Tests.Hosting;
using Orchard.Testing;
using Orchard.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Orchard.Server.Tests.Page;

/// <summary>A model that is downloaded from the page. On a scripted engine and a hub of the test.</summary>
public sealed class PageDownloadTests(Browser browser)
{
    public static bool HasBrowser => Browser.IsInstalled;

    [Theory(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    [InlineData("test/Model-GGUF")]
    [InlineData("test/Model-GGUF:Q8_0")]
    [InlineData("hf.co/test/Model-GGUF")]
    public async Task Model_ThatIsDownloaded_IsChosenLoadedAndAnswers(string name)
    {
        using var folder = new TemporaryRoot();
        await using TestHub hub = await TestHub.StartAsync();
        hub.Add("test/Model-GGUF", ("Model-Q8_0.gguf", TestModel.Create(200_000)));
        await using FakeEngine engine = FakeEngine.Listen(folder.Path, new EngineScript().Answer("Hello from the hub"));
        string cache = Path.Combine(folder.Path, "hub");
        await using Client client = Client.Create(new ClientOptions
        {
            EngineRoot = folder.Path,
            Hub = new HubOptions { Endpoint = hub.Endpoint.ToString(), CacheDirectory = cache, Token = "hf_test" },
        });
        await using TestServer server = await TestServer.StartAsync(client);
        await using PageVisit visit = await PageVisit.OpenAsync(browser, server.Address);
        ILocator picker = visit.Page.GetByLabel("Model", new() { Exact = true });

        await visit.ButtonAsync("Download a model");
        await visit.Page.Locator("#ask-value").FillAsync(name);
        await visit.Page.Locator("#ask-ok").ClickAsync();

        await Expect(picker.Locator("option:checked")).ToContainTextAsync("Model-GGUF");
        await Expect(visit.Page.Locator("#model-state")).ToHaveTextAsync("Loaded");
        await visit.AskAsync("Hi");
        await visit.AnsweredAsync();
        await Expect(visit.Answers.First.Locator(".text")).ToContainTextAsync("Hello from the hub");
        visit.AssertClean();
    }
}
