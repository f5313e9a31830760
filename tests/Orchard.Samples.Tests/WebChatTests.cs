using System.Net;
using System.Net.Http.Json;
using Microsoft.Playwright;
using Orchard.Testing;
using Orchard.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Orchard.Samples.Tests;

public sealed class WebChatTests(EngineFixture engine, Browser browser)
{
    private static readonly string? Screenshots = Environment.GetEnvironmentVariable("ORCHARD_SCREENSHOTS");

    public static bool HasBrowser => Browser.IsInstalled;

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Conversation_AnswersAppearWithTheirSpeedAndKnowWhatWasSaid()
    {
        await using var site = new WebChatSite(engine.EngineRoot);
        IPage page = await browser.OpenAsync(site.Address);

        await AskAsync(page, "You can call me Lena.");
        await Expect(page.Locator("article.assistant small")).ToContainTextAsync("tokens/s");
        await AskAsync(page, "Who am I?");

        await Expect(page.Locator("article.assistant p").Nth(1)).ToContainTextAsync("Lena");
        await Expect(page.Locator("article.assistant small").Nth(1)).ToContainTextAsync("first token after");
        await Expect(page.Locator("#stop")).ToBeHiddenAsync();
        await ShootAsync(page, "conversation");
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Stop_EndsTheGenerationAndKeepsWhatThereIs()
    {
        using var root = new TemporaryRoot();
        var script = new EngineScript().Answer(new FakeReply().Say("Half an").Say(" answer").Stall());
        await using FakeEngine fake = FakeEngine.Listen(root.Path, script);
        await using var site = new WebChatSite(root.Path);
        IPage page = await browser.OpenAsync(site.Address);

        await AskAsync(page, "What is the capital of France?");
        await Expect(page.Locator("article.assistant p")).ToHaveTextAsync("Half an answer");
        await ShootAsync(page, "answering");
        await page.Locator("#stop").ClickAsync();

        await Expect(page.Locator("article.assistant small")).ToHaveTextAsync("stopped");
        await Expect(page.Locator("article.assistant p")).ToHaveTextAsync("Half an answer");
        await Expect(page.Locator("#send")).ToBeVisibleAsync();
        while ((await fake.NextCommandAsync().OrBroken("the cancel")).Kind != FakeCommandKind.CancelRequest)
        {
        }
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task AnswerThatFails_SaysWhyAndTheConversationGoesOn()
    {
        using var root = new TemporaryRoot();
        var script = new EngineScript().Answer("Fine.").Answer("Break.", new FakeReply().Say("Half").Fail("the model is broken"));
        await using FakeEngine fake = FakeEngine.Listen(root.Path, script);
        await using var site = new WebChatSite(root.Path);
        IPage page = await browser.OpenAsync(site.Address);

        await AskAsync(page, "Break.");
        await Expect(page.Locator("article.assistant.failed p")).ToContainTextAsync("the model is broken");
        await AskAsync(page, "How are you?");

        await Expect(page.Locator("article.assistant p").Nth(1)).ToHaveTextAsync("Fine.");
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task TextThatLooksLikeMarkup_IsShownAsText()
    {
        using var root = new TemporaryRoot();
        await using FakeEngine fake = FakeEngine.Listen(root.Path, new EngineScript().Answer("<i>No</i>\nmarkup"));
        await using var site = new WebChatSite(root.Path);
        IPage page = await browser.OpenAsync(site.Address);

        await AskAsync(page, "<b>Bold?</b>");

        await Expect(page.Locator("article.user p")).ToHaveTextAsync("<b>Bold?</b>");
        await Expect(page.Locator("article.assistant p")).ToHaveTextAsync("<i>No</i>\nmarkup");
    }

    [Theory]
    [InlineData("/etc/passwd", true, "Offered are: starter.")]
    [InlineData("starter", false, "The last turn is not a question.")]
    public async Task RequestThatCannotBeAnswered_IsRefused(string model, bool isUser, string why)
    {
        using var root = new TemporaryRoot();
        await using FakeEngine fake = FakeEngine.Listen(root.Path);
        await using var site = new WebChatSite(root.Path);
        using var http = new HttpClient { BaseAddress = site.Address };

        using HttpResponseMessage response = await http.PostAsJsonAsync(
            new Uri("api/chat", UriKind.Relative), new { model, turns = new[] { new { isUser, text = "Hello" } } });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(why, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(fake.Requests);
    }

    private static async Task AskAsync(IPage page, string question)
    {
        await page.Locator("#question").FillAsync(question);
        await page.Locator("#send").ClickAsync();
    }

    // To be looked at: nothing compares them.
    private static async Task ShootAsync(IPage page, string name)
    {
        if (Screenshots is not null)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, $"{name}.png") });
        }
    }
}
