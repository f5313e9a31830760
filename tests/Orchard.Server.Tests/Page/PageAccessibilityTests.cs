using System.Text.Json;
using Microsoft.Playwright;
using Orchard.Server.Tests.Sessions;
using Orchard.Testing;
using Orchard.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Orchard.Server.Tests.Page;

/// <summary>The page for everybody: with the keyboard, a screen reader, a phone, dark and light. On a scripted engine.</summary>
public sealed class PageAccessibilityTests(Browser browser, NodeClients clients) : IClassFixture<NodeClients>
{
    private const string Long = """
        ## A list

        | City | River | People in the city | People around the city | Area in square kilometres |
        |------|-------|--------------------|------------------------|---------------------------|
        | Paris | Seine | 2,100,000 | 12,300,000 | 105.4 |

        ```csharp
        string text = "A line of code that is much longer than a phone is wide, so that it has to be scrolled sideways";
        ```

        Andalongwordwithoutaplaceforabreakthatiswiderthanaphonebecauseitgoesonandonandonandonandon. `code`

        > A quotation with a [link](https://example.org/).
        """;

    public static bool HasBrowser => Browser.IsInstalled;

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Keyboard_IsEnoughForAConversation()
    {
        await using ScriptedSite site = await ScriptedSite.StartAsync(
            new EngineScript().Answer("Fine.").Answer("Long?", new FakeReply().Say("Begun").Stall()));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address);
        IKeyboard keys = visit.Page.Keyboard;

        await Expect(visit.Message).ToBeFocusedAsync();
        await keys.TypeAsync("How");
        await keys.PressAsync("Shift+Enter");
        await keys.TypeAsync("are you?");
        await keys.PressAsync("Enter");
        await Expect(visit.Answers.Locator(".text")).ToHaveTextAsync("Fine.");
        await Expect(visit.Page.Locator(".question .text")).ToHaveTextAsync("How\nare you?");
        await keys.TypeAsync("Long?");
        await keys.PressAsync("Enter");
        await Expect(visit.Answers.Nth(1).Locator(".text")).ToHaveTextAsync("Begun");
        await keys.PressAsync("Escape");
        await Expect(visit.Answers.Nth(1).Locator(".note")).ToContainTextAsync("stopped");
        await PressOnAsync(visit, "Settings");
        await Expect(visit.Page.GetByRole(AriaRole.Complementary)).ToBeVisibleAsync();
        await keys.PressAsync("Enter"); // the focus is on "Close"
        await Expect(visit.Page.GetByRole(AriaRole.Complementary)).ToBeHiddenAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Settings" })).ToBeFocusedAsync();
        await PressOnAsync(visit, "Rename");
        await keys.TypeAsync("Talk");
        await keys.PressAsync("Enter");
        await Expect(visit.Page.Locator("#conversations .title")).ToHaveTextAsync("Talk");
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Rename" })).ToBeFocusedAsync();
        await PressOnAsync(visit, "New conversation");
        await Expect(visit.Answers).ToHaveCountAsync(0);
        await Expect(visit.Message).ToBeFocusedAsync();
        visit.AssertClean();
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Answer_IsAnnouncedWhenItIsComplete()
    {
        var gate = new EngineGate();
        await using ScriptedSite site = await ScriptedSite.StartAsync(
            new EngineScript().Answer(new FakeReply().Say("One").Wait(gate).Say(" two")));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address);
        ILocator live = visit.Page.Locator("[aria-live=polite]");

        await visit.AskAsync("Count.");
        await Expect(visit.Answers.Locator(".text")).ToHaveTextAsync("One");
        await Expect(live).ToHaveTextAsync("The answer begins.");
        gate.Open();

        await Expect(live).ToHaveTextAsync("Answer: One two");
        visit.AssertClean();
    }

    [Theory(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    [InlineData(ColorScheme.Light, 1280, 800)]
    [InlineData(ColorScheme.Dark, 1280, 800)]
    [InlineData(ColorScheme.Light, 390, 844)]
    [InlineData(ColorScheme.Dark, 390, 844)]
    public async Task Axe_FindsNoViolations(ColorScheme scheme, int width, int height)
    {
        string axe = await clients.ReadAsync("axe-core", "axe.min.js");
        var script = new EngineScript()
            .Answer(Long)
            .Answer("Fail.", new FakeReply().Fail("the model is broken"))
            .Answer(prompt => prompt.Question.EndsWith("Tool?", StringComparison.Ordinal)
                ? new FakeReply().Reason("A tool.").Call("weather", """{"city": "Paris"}""")
                : null);
        await using ScriptedSite site = await ScriptedSite.StartAsync(script, failures: ["the model is broken"]);
        await using PageVisit visit = await PageVisit.OpenAsync(
            browser, site.Server.Address, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height } });
        string name = $"{width}-{scheme}".ToLowerInvariant();

        await AssertNoViolationsAsync(visit, axe, "empty");
        await visit.AskAsync("List cities.");
        await visit.AnsweredAsync();
        await visit.ShootAsync($"{name}-answer");
        await AssertNoViolationsAsync(visit, axe, "answer");
        await visit.AskAsync("Fail.");
        await visit.AnsweredAsync(1);
        await visit.ShootAsync($"{name}-error");
        await AssertNoViolationsAsync(visit, axe, "error");
        await visit.ButtonAsync("Settings");
        await visit.Page.GetByLabel("Temperature").FillAsync("9");
        await visit.Page.GetByLabel("Tools").FillAsync("[");
        await visit.Page.GetByLabel("Tools").BlurAsync();
        await visit.ShootAsync($"{name}-settings");
        await AssertNoViolationsAsync(visit, axe, "settings");
        await visit.Page.GetByLabel("Temperature").FillAsync("");
        await visit.Page.GetByLabel("Tools").FillAsync("""[{"name": "weather"}]""");
        await visit.Page.Locator("#close-settings").ClickAsync();
        await visit.AskAsync("Tool?");
        await visit.AnsweredAsync(2);
        await Expect(visit.Page.GetByLabel("Result of weather")).ToBeVisibleAsync();
        await visit.ShootAsync($"{name}-tool");
        await AssertNoViolationsAsync(visit, axe, "tool");
        if (width < 960)
        {
            await visit.ButtonAsync("Chats");
            await visit.ShootAsync($"{name}-chats");
            await AssertNoViolationsAsync(visit, axe, "chats");
        }

        await visit.ButtonAsync("Rename");
        await AssertNoViolationsAsync(visit, axe, "dialog");
        visit.AssertClean("the server responded with a status of"); // of the answer that fails
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Phone_ShowsEverythingWithoutScrollingSideways()
    {
        await using ScriptedSite site = await ScriptedSite.StartAsync(new EngineScript().Answer(Long));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address, new()
        {
            ViewportSize = new() { Width = 390, Height = 844 },
            HasTouch = true,
            IsMobile = true,
            DeviceScaleFactor = 2,
        });

        await visit.ShootAsync("phone-empty");
        await visit.Message.FillAsync("List cities.");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).TapAsync();
        await visit.AnsweredAsync();
        await visit.ShootAsync("phone-answer");
        await AssertFitsAsync(visit);
        await visit.ButtonAsync("Settings");
        await visit.ShootAsync("phone-settings");
        await AssertFitsAsync(visit);
        await visit.Page.Locator("#close-settings").ClickAsync();
        await visit.ButtonAsync("Chats");
        await Expect(visit.Page.Locator("#center")).ToHaveAttributeAsync("inert", "");
        await visit.ShootAsync("phone-chats");
        await AssertFitsAsync(visit);
        await visit.ButtonAsync("New conversation");
        await Expect(visit.Page.Locator("#sidebar")).ToBeHiddenAsync();
        await Expect(visit.Message).ToBeVisibleAsync();
        visit.AssertClean();
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Appearance_FollowsTheSystemUntilTheUserChooses()
    {
        await using ScriptedSite site = await ScriptedSite.StartAsync(new EngineScript());
        await using PageVisit visit = await PageVisit.OpenAsync(
            browser, site.Server.Address, new() { ColorScheme = ColorScheme.Dark, ReducedMotion = ReducedMotion.Reduce });

        string dark = await BackgroundAsync(visit);
        await visit.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        string light = await BackgroundAsync(visit);
        await visit.Page.GetByLabel("Appearance").SelectOptionAsync("dark");
        string chosen = await BackgroundAsync(visit);
        await visit.Page.ReloadAsync();
        string kept = await BackgroundAsync(visit);

        Assert.NotEqual(light, dark);
        Assert.Equal((dark, dark), (chosen, kept));
        visit.AssertClean();
    }

    private static Task<string> BackgroundAsync(PageVisit visit) =>
        visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    private static async Task AssertFitsAsync(PageVisit visit) =>
        Assert.Equal(390, await visit.Page.EvaluateAsync<int>(
            "Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll('#transcript, #settings, #sidebar')]"
            + ".map((part) => part.scrollWidth))"));

    // Goes to a button with the Tab key, which has to reach it.
    private static async Task PressOnAsync(PageVisit visit, string name)
    {
        ILocator button = visit.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
        for (int i = 0; i < 60 && !await button.EvaluateAsync<bool>("(one) => one === document.activeElement"); i++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
        }

        await Expect(button).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
    }

    // The levels of headings in an answer are the model's own.
    private static async Task AssertNoViolationsAsync(PageVisit visit, string axe, string state)
    {
        await visit.Page.EvaluateAsync($"() => {{ {axe} }}");
        JsonElement? found = await visit.Page.EvaluateAsync(
            "async () => (await axe.run(document, { rules: { 'heading-order': { enabled: false } } })).violations"
            + ".flatMap((one) => one.nodes.map((node) => `${one.impact} ${one.id}: ${node.target} ${node.failureSummary}`))");
        Assert.True(found!.Value.GetArrayLength() == 0, $"{state}: {string.Join('\n', found.Value.EnumerateArray())}");
    }
}
