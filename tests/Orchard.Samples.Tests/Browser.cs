using Microsoft.Playwright;
using Orchard.Samples.Tests;
using Orchard.TestSupport;

[assembly: AssemblyFixture(typeof(Browser))]

namespace Orchard.Samples.Tests;

/// <summary>Headless Chromium, as Debian packs it; shared by all tests, each with a page of its own.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Whether there is one, or has to be.</summary>
    public static bool IsInstalled => File.Exists(Executable) || Environment.GetEnvironmentVariable("ORCHARD_REQUIRE_CHROMIUM") == "1";

    public async ValueTask InitializeAsync()
    {
        if (IsInstalled)
        {
            Assertions.SetDefaultExpectTimeout((float)Limits.Broken.TotalMilliseconds);
            _playwright = await Playwright.CreateAsync();
            // A sandbox of Chromium's own is not to be had as root, and the pages are ours.
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Executable, Args = ["--no-sandbox"] });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Opens the page as somebody who was never there.</summary>
    public async Task<IPage> OpenAsync(Uri address)
    {
        IPage page = await _browser!.NewPageAsync();
        page.SetDefaultTimeout((float)Limits.Broken.TotalMilliseconds);
        await page.GotoAsync(address.ToString());
        return page;
    }
}
