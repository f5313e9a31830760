using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Orchard.Testing;
using Orchard.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Orchard.Server.Tests.Page;

/// <summary>The conversations that the browser keeps, and the key. On a scripted engine.</summary>
public sealed class PageConversationTests(Browser browser)
{
    private const string Question = "What is the capital of France?";

    public static bool HasBrowser => Browser.IsInstalled;

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Edit_AsksAgainWithoutWhatCameAfter()
    {
        await using ScriptedSite site = await ScriptedSite.StartAsync(
            new EngineScript().Answer(prompt => FakeReply.Of($"You asked: {prompt.Question}")));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address);
        await visit.AskAsync("First");
        await visit.AnsweredAsync();
        await visit.AskAsync("Second");
        await visit.AnsweredAsync(1);

        ILocator first = visit.Page.Locator("article.question").First;
        await first.GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await first.GetByRole(AriaRole.Textbox).FillAsync("Other");
        await visit.ButtonAsync("Ask again");

        await Expect(visit.Answers).ToHaveCountAsync(1);
        await Expect(visit.Answers.Locator(".text")).ToHaveTextAsync("You asked: Other");
        Assert.Single(site.Engine.Requests[^1].Prompts[0].Messages);
        visit.AssertClean();
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Conversation_CanBeRenamedExportedAndDeleted()
    {
        await using ScriptedSite site = await ScriptedSite.StartAsync(new EngineScript().Answer("Paris."));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address);
        await visit.AskAsync(Question);
        await visit.AnsweredAsync();

        await visit.ButtonAsync("Rename");
        await visit.Page.GetByLabel("Title").FillAsync("Capitals");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("#conversations .title")).ToHaveTextAsync("Capitals");
        IDownload download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.ButtonAsync("Export"));
        await using Stream stream = await download.CreateReadStreamAsync();
        JsonNode exported = (await JsonNode.ParseAsync(stream))!;
        await visit.ButtonAsync("Delete");
        await visit.ShootAsync("delete");
        await visit.Page.Locator("#ask-dialog").GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        Assert.Equal("Capitals.json", download.SuggestedFilename);
        Assert.Equal("Capitals", (string?)exported["title"]);
        Assert.Equal(
            [("user", Question), ("assistant", "Paris.")],
            exported["messages"]!.AsArray().Select(message => ((string)message!["role"]!, (string)message["content"]!)));
        await Expect(visit.Answers).ToHaveCountAsync(0);
        await Expect(visit.Page.Locator("#conversations li")).ToHaveCountAsync(0);
        await visit.Page.ReloadAsync();
        await Expect(visit.Page.Locator("#conversations li")).ToHaveCountAsync(0);
        visit.AssertClean();
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Answer_GoesOnWhileAnotherConversationIsOpen()
    {
        var gate = new EngineGate();
        await using ScriptedSite site = await ScriptedSite.StartAsync(
            new EngineScript().Answer("Quick.").Answer("Slow?", new FakeReply().Say("Half").Wait(gate).Say(" and whole.")));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address);

        await visit.AskAsync("Slow?");
        await Expect(visit.Answers.Locator(".text")).ToHaveTextAsync("Half");
        await visit.ButtonAsync("New conversation");
        await visit.AskAsync("Quick?");
        await Expect(visit.Answers.Locator(".text")).ToHaveTextAsync("Quick.");
        await visit.ButtonAsync("Slow?");
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Stop" })).ToBeVisibleAsync();
        gate.Open();

        await Expect(visit.Answers.Locator(".text")).ToHaveTextAsync("Half and whole.");
        await visit.AnsweredAsync();
        visit.AssertClean();
    }

    [Theory(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    [InlineData("get localStorage() { throw new DOMException('no', 'SecurityError'); }", "keeps no data")]
    [InlineData(
        "get localStorage() { return { getItem: () => null, setItem() { throw new DOMException('full', 'QuotaExceededError'); } }; }",
        "is full")]
    public async Task Storage_ThatIsClosedOrFull_IsSaidAndDoesNotStopTheChat(string storage, string notice)
    {
        await using ScriptedSite site = await ScriptedSite.StartAsync(new EngineScript().Answer("Paris."));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address);
        await visit.Page.AddInitScriptAsync(
            $"Object.defineProperties(window, Object.getOwnPropertyDescriptors({{ {storage} }}));");
        await visit.Page.ReloadAsync();
        await Expect(visit.Page.Locator("#model option").First).ToBeAttachedAsync();

        await visit.AskAsync(Question);

        await Expect(visit.Answers.Locator(".text")).ToHaveTextAsync("Paris.");
        await Expect(visit.Page.Locator("#notice")).ToContainTextAsync(notice);
        await visit.ButtonAsync("New conversation");
        await Expect(visit.Page.Locator("#conversations li")).ToHaveCountAsync(1);
        visit.AssertClean();
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Key_IsAskedForUntilItIsRight_AndKeptInTheTabUnlessTheUserWantsMore()
    {
        await using ScriptedSite site = await ScriptedSite.StartAsync(
            new EngineScript().Answer("Paris."), options => options.ApiKeys.Add("right"));
        IPage page = await browser.OpenAsync(site.Server.Address);

        ILocator dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "API key" });
        await Expect(dialog).ToContainTextAsync("The server asks for an API key.");
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("wrong");
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToContainTextAsync("The server does not know this key.");
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("right");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(page.Locator("#model option").First).ToBeAttachedAsync();
        await page.GetByLabel("Message", new() { Exact = true }).FillAsync(Question);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("article.answer .text")).ToHaveTextAsync("Paris.");
        Assert.Null(await page.EvaluateAsync<string?>("localStorage.getItem('orchard.key')"));
        await page.ReloadAsync();
        await Expect(page.Locator("#model option").First).ToBeAttachedAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Forget the API key" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("The server asks for an API key.");
        await dialog.GetByRole(AriaRole.Textbox).FillAsync("right");
        await dialog.GetByRole(AriaRole.Checkbox).CheckAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.WaitForFunctionAsync("localStorage.getItem('orchard.key') === 'right'");
        await page.Context.CloseAsync();
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Question_WithoutAKey_SaysThatOneIsNeeded()
    {
        await using ScriptedSite site = await ScriptedSite.StartAsync(
            new EngineScript().Answer("Paris."), options => options.ApiKeys.Add("right"));
        IPage page = await browser.OpenAsync(site.Server.Address);
        ILocator dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "API key" });

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await Expect(page.Locator("#notice")).ToContainTextAsync("The request has no API key of this server.");
        await page.Locator("#notice").GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await Expect(dialog).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }
}
