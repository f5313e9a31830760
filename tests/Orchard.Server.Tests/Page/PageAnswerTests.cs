using Microsoft.Playwright;
using Orchard.Testing;
using Orchard.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Orchard.Server.Tests.Page;

/// <summary>What the page shows of an answer, and what it does about one. On a scripted engine.</summary>
public sealed class PageAnswerTests(Browser browser)
{
    private const string Question = "What is the capital of France?";

    private const string Tools = """
        [{
          "name": "weather",
          "description": "Weather of a city",
          "parameters": { "type": "object", "properties": { "city": { "type": "string" } } }
        }]
        """;

    public static bool HasBrowser => Browser.IsInstalled;

    [Theory(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_EndsTheGenerationAndKeepsWhatThereIs(bool byKey)
    {
        await using ScriptedSite site = await ScriptedSite.StartAsync(
            new EngineScript().Answer(new FakeReply().Say("Half an").Say(" answer").Stall()));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address);

        await visit.AskAsync(Question);
        FakeRequest request = await site.Engine.NextRequestAsync().OrBroken("the request");
        await Expect(visit.Answers.Locator(".text")).ToHaveTextAsync("Half an answer");
        if (byKey)
        {
            await visit.Page.Keyboard.PressAsync("Escape");
        }
        else
        {
            await visit.ButtonAsync("Stop");
        }

        await visit.AnsweredAsync();
        await Expect(visit.Answers.Locator(".text")).ToHaveTextAsync("Half an answer");
        await Expect(visit.Answers.Locator(".note")).ToContainTextAsync("stopped");
        await Expect(visit.Message).ToBeFocusedAsync();
        await request.Cancelled.OrBroken("the cancel");
        await site.Server.UntilIdleAsync();
        visit.AssertClean();
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Reasoning_IsOpenUntilTheAnswerBegins_WhichEndsWithItsSpeed()
    {
        var gate = new EngineGate();
        await using ScriptedSite site = await ScriptedSite.StartAsync(
            new EngineScript().Answer(new FakeReply().Reason("France is a country.").Wait(gate).Say("Paris.")));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address);

        await visit.AskAsync(Question);
        await Expect(visit.Answers.GetByText("France is a country.")).ToBeVisibleAsync();
        gate.Open();
        await visit.AnsweredAsync();

        await Expect(visit.Answers.Locator(".text")).ToHaveTextAsync("Paris.");
        await Expect(visit.Answers.Locator(".note")).ToContainTextAsync("tokens/s");
        await Expect(visit.Answers.GetByText("France is a country.")).ToBeHiddenAsync();
        await visit.Answers.Locator("summary").ClickAsync();
        await Expect(visit.Answers.GetByText("France is a country.")).ToBeVisibleAsync();
        visit.AssertClean();
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task ToolCall_IsShown_AndGoesOnWithTheResultThatTheUserTypes()
    {
        var script = new EngineScript().Answer(prompt => prompt.ToolResults.Count == 0
            ? new FakeReply().Call("weather", """{"city": "Paris"}""")
            : new FakeReply().Say($"It is {prompt.ToolResults[0]}."));
        await using ScriptedSite site = await ScriptedSite.StartAsync(script);
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address);
        await visit.ButtonAsync("Settings");
        ILocator tools = visit.Page.GetByLabel("Tools");

        await tools.FillAsync("""[{"name": "with space"}]""");
        await tools.BlurAsync();
        await Expect(visit.Page.GetByText("The tool at position 1 has no name")).ToBeVisibleAsync();
        await tools.FillAsync("[{");
        await tools.BlurAsync();
        await Expect(visit.Page.GetByText("This is not JSON")).ToBeVisibleAsync();
        await visit.AskAsync("Does it rain in Paris?");
        await Expect(visit.Answers.Locator(".error")).ToContainTextAsync("The setting “Tools” cannot be used.");
        await tools.FillAsync(Tools);
        await visit.ButtonAsync("Retry");
        await Expect(visit.Answers.GetByText("\"city\": \"Paris\"")).ToBeVisibleAsync();
        await visit.ShootAsync("tool-call");
        await visit.Page.GetByLabel("Result of weather").FillAsync("sunny");
        await visit.ButtonAsync("Send the result");

        await Expect(visit.Answers.Nth(1).Locator(".text")).ToHaveTextAsync("It is sunny.");
        await Expect(visit.Page.Locator("article.result")).ToContainTextAsync("sunny");
        Assert.Equal("weather", Assert.Single(site.Engine.Requests[0].Prompts[0].Options.Tools).Name);
        visit.AssertClean();
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Markdown_BecomesElements()
    {
        const string text = """
            # Capitals

            The **capital** of *France* is `Paris`, see [the list](https://example.org/capitals).

            1. Paris
               - on the Seine
            2. Lyon

            | City | People |
            |:-----|-------:|
            | Paris | 2.1 M |

            ```python
            print("<b>Paris</b>")
            ```

            > Quoted
            """;
        await using ScriptedSite site = await ScriptedSite.StartAsync(new EngineScript().Answer(text));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address);

        await visit.AskAsync(Question);
        await visit.AnsweredAsync();

        ILocator answer = visit.Answers.Locator(".text");
        await Expect(answer.GetByRole(AriaRole.Heading, new() { Name = "Capitals", Level = 3 })).ToBeVisibleAsync();
        await Expect(answer.Locator("strong")).ToHaveTextAsync("capital");
        await Expect(answer.Locator("em")).ToHaveTextAsync("France");
        await Expect(answer.Locator("p code")).ToHaveTextAsync("Paris");
        await Expect(answer.GetByRole(AriaRole.Link)).ToHaveAttributeAsync("rel", "noopener noreferrer");
        await Expect(answer.Locator("ol > li")).ToHaveCountAsync(2);
        await Expect(answer.Locator("ol ul > li")).ToHaveTextAsync("on the Seine");
        await Expect(answer.Locator("td.right")).ToHaveTextAsync("2.1 M");
        await Expect(answer.Locator("pre")).ToHaveTextAsync("print(\"<b>Paris</b>\")");
        await Expect(answer.Locator("blockquote")).ToHaveTextAsync("Quoted");
        await visit.ShootAsync("markdown");
        visit.AssertClean();
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Text_OfAModelOrUser_NeverRunsAndFetchesNothing()
    {
        const string text = """
            <script>document.title = "hacked"</script><img src="https://example.org/a.png" onerror="document.title = 'hacked'">

            ![picture](https://example.org/b.png) [click](javascript:document.title='hacked') [data](data:text/html,hacked)
            """;
        await using ScriptedSite site = await ScriptedSite.StartAsync(new EngineScript().Answer(text));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address);

        await visit.AskAsync(text);
        await visit.AnsweredAsync();

        await Expect(visit.Answers.Locator(".text")).ToContainTextAsync("<script>document.title = \"hacked\"</script>");
        await Expect(visit.Answers.Locator(".text")).ToContainTextAsync("[click](javascript:document.title='hacked')");
        await Expect(visit.Page.Locator("article img, article script, article a:not([href^='https://'])")).ToHaveCountAsync(0);
        Assert.DoesNotContain("hacked –", await visit.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.NotEqual("hacked", await visit.Page.TitleAsync());
        visit.AssertClean();
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Answer_ThatFailsInTheMiddle_SaysWhyAndCanBeRetried()
    {
        int asked = 0;
        var script = new EngineScript().Answer(_ => asked++ == 0
            ? new FakeReply().Say("Half").Fail("the model is broken")
            : FakeReply.Of("Paris."));
        await using ScriptedSite site = await ScriptedSite.StartAsync(script, failures: ["the model is broken"]);
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address);

        await visit.AskAsync(Question);
        await visit.AnsweredAsync();
        await Expect(visit.Answers.Locator(".error")).ToContainTextAsync("the model is broken");
        await Expect(visit.Answers.Locator(".text")).ToHaveTextAsync("Half");
        await visit.ButtonAsync("Retry");

        await Expect(visit.Answers.Locator(".text")).ToHaveTextAsync("Paris.");
        await Expect(visit.Answers.Locator(".error")).ToBeHiddenAsync();
        visit.AssertClean();
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Parameters_AreSentIfTheyAreSet()
    {
        await using ScriptedSite site = await ScriptedSite.StartAsync(new EngineScript().Answer("Paris."));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address);

        await visit.AskAsync(Question);
        GenerationOptions untouched = (await site.Engine.NextRequestAsync().OrBroken("the first request")).Prompts[0].Options;
        await visit.AnsweredAsync();
        await visit.ButtonAsync("Settings");
        await visit.Page.GetByLabel("System prompt").FillAsync("Be brief.");
        await visit.Page.GetByLabel("Temperature").FillAsync("0.25");
        await visit.Page.GetByLabel("Top K").FillAsync("7");
        await visit.Page.GetByLabel("Maximum tokens").FillAsync("12");
        await visit.Page.GetByLabel("Seed").FillAsync("42");
        await visit.Page.GetByLabel("Stop sequences").FillAsync("END\n###");
        await visit.ShootAsync("settings");
        await visit.AskAsync("And of Spain?");
        FakePrompt prompt = (await site.Engine.NextRequestAsync().OrBroken("the second request")).Prompts[0];

        Assert.NotEqual(7, untouched.TopK);
        Assert.Equal(0.25, prompt.Options.Temperature!.Value, 3);
        Assert.Equal((7, 12, 42u), (prompt.Options.TopK, prompt.Options.MaxOutputTokens, prompt.Options.Seed));
        Assert.Equal(["END", "###"], prompt.Options.StopSequences);
        Assert.Equal("Be brief.", prompt.Messages[0].Text);
        Assert.Equal([Question, "Paris.", "And of Spain?"], prompt.Messages.Skip(1).Select(message => message.Text));
        visit.AssertClean();
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Load_ShowsItsProgress_AndCanBeCancelled()
    {
        var gate = new EngineGate();
        var script = new EngineScript().Load(request => request.Attempt == 1 ? FakeLoad.Stall : FakeLoad.Success.After(gate));
        await using ScriptedSite site = await ScriptedSite.StartAsync(script.Answer("Paris."));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address);

        await visit.ButtonAsync("Load");
        await Expect(visit.Page.Locator("#model-state")).ToContainTextAsync("Loading");
        await Expect(visit.Page.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();
        await visit.ShootAsync("loading");
        await visit.ButtonAsync("Cancel");
        await Expect(visit.Page.Locator("#model-state")).ToHaveTextAsync("Not loaded");
        await visit.AskAsync(Question);
        await Expect(visit.Answers.Locator(".note")).ToContainTextAsync("Loading");
        gate.Open();

        await Expect(visit.Answers.Locator(".text")).ToHaveTextAsync("Paris.");
        await Expect(visit.Page.Locator("#model-state")).ToHaveTextAsync("Loaded");
        visit.AssertClean();
    }

    [Fact(SkipUnless = nameof(HasBrowser), Skip = "Chromium is not installed.")]
    public async Task Server_ThatIsGone_IsAnErrorInTheConversation()
    {
        await using ScriptedSite site = await ScriptedSite.StartAsync(new EngineScript().Answer("Paris."));
        await using PageVisit visit = await PageVisit.OpenAsync(browser, site.Server.Address);
        await visit.AskAsync(Question);
        await visit.AnsweredAsync();
        await site.Server.DisposeAsync();

        await visit.AskAsync("Are you there?");

        await Expect(visit.Answers.Nth(1).Locator(".error")).ToContainTextAsync("The server cannot be reached.");
        await Expect(visit.Answers.Nth(1).GetByRole(AriaRole.Button, new() { Name = "Retry" })).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("#announcer")).ToContainTextAsync("The answer failed");
        await visit.ShootAsync("unreachable");
        visit.AssertClean("ERR_CONNECTION_REFUSED");
    }
}
