using System.Collections.Concurrent;
using Microsoft.Playwright;
using Orchard.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Orchard.Server.Tests.Page;

/// <summary>A visit of the page: what a user does there, and what goes wrong in it.</summary>
internal sealed class PageVisit : IAsyncDisposable
{
    private static readonly string? Screenshots = Environment.GetEnvironmentVariable("ORCHARD_SCREENSHOTS");

    private readonly ConcurrentQueue<string> _problems = [];
    private readonly ConcurrentQueue<string> _foreign = [];
    private readonly string _origin;

    private PageVisit(IPage page, Uri address)
    {
        Page = page;
        _origin = address.GetLeftPart(UriPartial.Authority);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _problems.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => _problems.Enqueue(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(_origin, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
            {
                _foreign.Enqueue(request.Url);
            }
        };
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>The field for the message.</summary>
    public ILocator Message => Page.GetByRole(AriaRole.Textbox, new() { Name = "Message", Exact = true });

    /// <summary>The answers, oldest first.</summary>
    public ILocator Answers => Page.Locator("article.answer");

    /// <summary>Opens the page without data of earlier visits.</summary>
    public static async Task<PageVisit> OpenAsync(Browser browser, Uri address, BrowserNewPageOptions? options = null)
    {
        IPage page = await browser.OpenAsync(new Uri("about:blank"), options);
        var visit = new PageVisit(page, address);
        await page.GotoAsync(address.ToString());
        await Expect(page.Locator("#model option").First).ToBeAttachedAsync();
        return visit;
    }

    /// <summary>Sends a message.</summary>
    public async Task AskAsync(string text)
    {
        await Message.FillAsync(text);
        await ButtonAsync("Send");
    }

    /// <summary>Presses a button that is the only one with the name.</summary>
    public Task ButtonAsync(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    /// <summary>Waits until the answer is complete.</summary>
    public Task AnsweredAsync(int index = 0) =>
        Expect(Answers.Nth(index)).ToHaveAttributeAsync("aria-busy", "false");

    /// <summary>Takes a picture for people to look at, where a folder for them is given.</summary>
    public async Task ShootAsync(string name)
    {
        if (Screenshots is not null)
        {
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, $"{name}.png") });
        }
    }

    /// <summary>Holds that nothing went wrong, except errors of the console that contain one of the texts.</summary>
    public void AssertClean(params string[] expected)
    {
        Assert.Empty(_foreign);
        Assert.DoesNotContain(_problems, problem => !expected.Any(text => problem.Contains(text, StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}
