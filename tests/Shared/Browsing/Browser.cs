using Microsoft.Playwright;
using Orchard.TestSupport;

[assembly: AssemblyFixture(typeof(Browser))]

namespace Orchard.TestSupport;

/// <summary>Headless Chromium, as Debian packs it; started by the first test that needs it, and shared by all.</summary>
public sealed class Browser : IAsyncDisposable
{
    private const string Executable = "/usr/bin/chromium";

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> _running = new(StartAsync);

    /// <summary>Whether there is one, or has to be.</summary>
    public static bool IsInstalled => File.Exists(Executable) || Environment.GetEnvironmentVariable("ORCHARD_REQUIRE_CHROMIUM") == "1";

    public async ValueTask DisposeAsync()
    {
        if (_running.IsValueCreated)
        {
            (IPlaywright playwright, IBrowser browser) = await _running.Value;
            await browser.DisposeAsync();
            playwright.Dispose();
        }
    }

    /// <summary>Opens a page in a profile of its own, without data of earlier visits.</summary>
    public async Task<IPage> OpenAsync(Uri address, BrowserNewPageOptions? options = null)
    {
        IPage page = await (await _running.Value).Browser.NewPageAsync(options);
        page.SetDefaultTimeout((float)Limits.Broken.TotalMilliseconds);
        await page.GotoAsync(address.ToString());
        return page;
    }

    private static async Task<(IPlaywright Playwright, IBrowser Browser)> StartAsync()
    {
        Assertions.SetDefaultExpectTimeout((float)Limits.Broken.TotalMilliseconds);
        IPlaywright playwright = await Playwright.CreateAsync();

        // Chromium has no sandbox of its own when it runs as root, and the pages are this repository's.
        var options = new BrowserTypeLaunchOptions { ExecutablePath = Executable, Args = ["--no-sandbox"] };
        return (playwright, await playwright.Chromium.LaunchAsync(options));
    }
}
