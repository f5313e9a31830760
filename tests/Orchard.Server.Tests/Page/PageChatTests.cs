using Microsoft.Playwright;
using Orchard.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Orchard.Server.Tests.Page;

/// <summary>Conversations on the page with a real model.</summary>
public sealed class PageChatTests(ServerFixture fixture, Browser browser) : IClassFixture<ServerFixture>
{
    public static bool HasBrowser => Browser.IsInstalled;

    private TestServer Server => fixture.Server;

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Conversation_IsAnsweredRegeneratedAndKept()
    {
        await using PageVisit visit = await PageVisit.OpenAsync(browser, Server.Address);
        await visit.ShootAsync("empty");
        await visit.Page.GetByLabel("Model", new() { Exact = true }).SelectOptionAsync("starter");

        await visit.AskAsync("What is the capital of France?");
        await visit.AnsweredAsync();
        await Expect(visit.Answers.First.Locator(".text")).ToContainTextAsync("Paris");
        await Expect(visit.Answers.First.Locator(".note")).ToContainTextAsync("first token after");
        await Expect(visit.Page.Locator("#model-state")).ToHaveTextAsync("Loaded");
        await Expect(visit.Page.Locator("#announcer")).ToContainTextAsync("Paris");

        await visit.ButtonAsync("Regenerate");
        await Expect(visit.Answers.First).ToContainTextAsync("2 of 2");
        await visit.AnsweredAsync();
        await visit.ButtonAsync("Previous answer");
        await Expect(visit.Answers.First).ToContainTextAsync("1 of 2");
        await Expect(visit.Answers).ToHaveCountAsync(1);

        await visit.ButtonAsync("New conversation");
        await Expect(visit.Answers).ToHaveCountAsync(0);
        await visit.AskAsync("You can call me Lena.");
        await visit.AnsweredAsync();
        await visit.AskAsync("Who am I?");
        await visit.AnsweredAsync(1);
        await Expect(visit.Answers.Nth(1).Locator(".text")).ToContainTextAsync("Lena");

        await visit.Page.ReloadAsync();
        await Expect(visit.Answers).ToHaveCountAsync(2);
        await Expect(visit.Page.Locator("#conversations li")).ToHaveCountAsync(2);
        await visit.ButtonAsync("What is the capital of France?");
        await Expect(visit.Answers).ToHaveCountAsync(1);
        await Expect(visit.Answers.First).ToContainTextAsync("1 of 2");
        await visit.ShootAsync("conversation");
        visit.AssertClean();
    }
}
