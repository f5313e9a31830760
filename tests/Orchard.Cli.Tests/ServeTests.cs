using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orchard.Cli.Commands;
using Orchard.Testing;
using Orchard.TestSupport;

namespace Orchard.Cli.Tests;

/// <summary><c>orchard serve</c>.</summary>
public sealed class ServeTests(EngineFixture fixture)
{
    [Fact]
    public async Task Serve_AnswersOverHttpUntilCtrlC()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Processes are interrupted with signals.");
        await using CommandProcess process = CommandProcess.Start(
            [("ORCHARD_API_KEYS", null)],
            "serve", "--host", "127.0.0.1", "--port", "0", "--preload", "starter", "--api-key", "secret", "--engine-root", fixture.EngineRoot);
        process.CloseInput();
        string line = await process.Out.ReadLineAsync().OrBroken("the address") ?? throw new InvalidOperationException("It serves nothing.");
        using var client = new HttpClient { BaseAddress = new Uri(line.Split(' ')[2].TrimEnd('.')) };

        var request = new { model = "starter", messages = new[] { new { role = "user", content = "What is the capital of France?" } } };
        HttpStatusCode withoutKey = (await client.PostAsJsonAsync("/v1/chat/completions", request).OrBroken("the refusal")).StatusCode;
        client.DefaultRequestHeaders.Add("Authorization", "Bearer secret");
        client.DefaultRequestHeaders.Add("Accept", "text/html");
        string page = await client.GetStringAsync(new Uri("/", UriKind.Relative)).OrBroken("the page");
        client.DefaultRequestHeaders.Remove("Accept");
        HttpResponseMessage response = await client.PostAsJsonAsync("/v1/chat/completions", request).OrBroken("the answer");
        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        HttpResponseMessage nothing = await client.GetAsync(new Uri("/nothing", UriKind.Relative)).OrBroken("the refusal");
        JsonElement refusal = await nothing.Content.ReadFromJsonAsync<JsonElement>();
        CommandRun launch = await CommandRun.StartAsync(
            "", "launch", "opencode", "--url", client.BaseAddress.ToString(), "--api-key", "secret");
        process.Interrupt();
        CommandRun run = await process.EndAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, withoutKey);
        Assert.Equal((HttpStatusCode.NotFound, "There is no GET /nothing."), (nothing.StatusCode, refusal.GetProperty("error").GetProperty("message").GetString()));
        Assert.Contains("<title>Orchard</title>", page, StringComparison.Ordinal);
        Assert.Contains(
            "Paris", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Contains("\"limit\": { \"context\": 2048, \"output\": 512 }", launch.Out, StringComparison.Ordinal);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sigterm_LetsAStreamEnd_AndASecondOneDoesNot(bool isSecond)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Processes are ended with signals.");
        using var root = new TemporaryRoot();
        var gate = new EngineGate();
        await using FakeEngine engine = FakeEngine.Listen(
            root.Path, new EngineScript().Answer(new FakeReply().Say("Hello").Wait(gate).Say(" world")));
        await using CommandProcess process = CommandProcess.Start(
            [("ORCHARD_API_KEYS", null)], "serve", "--port", "0", "--engine-root", root.Path, "--drain-timeout", "600");
        process.CloseInput();
        string line = await process.Out.ReadLineAsync().OrBroken("the address") ?? throw new InvalidOperationException("It serves nothing.");
        using var client = new HttpClient { BaseAddress = new Uri(line.Split(' ')[2].TrimEnd('.')) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(
                new { model = "starter", stream = true, messages = new[] { new { role = "user", content = "Hi" } } }),
        };
        using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).OrBroken("the headers");
        await gate.Reached.OrBroken("the first part");

        process.Terminate();
        while ((await client.GetAsync(new Uri("/health", UriKind.Relative)).OrBroken("the health")).IsSuccessStatusCode)
        {
            await Task.Delay(10);
        }

        if (isSecond)
        {
            process.Terminate();
            await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync().OrBroken("the end of the stream"));
        }

        gate.Open();
        CommandRun run = await process.EndAsync();

        Assert.Equal(isSecond ? 143 : 0, run.ExitCode);
        if (!isSecond)
        {
            Assert.Contains("1 requests have 600 s to end", run.Error, StringComparison.Ordinal);
            Assert.EndsWith("data: [DONE]\n\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task PullThatFails_IsOneLineOfTheLog_WithoutAStack()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Processes are interrupted with signals.");
        await using CommandProcess process = CommandProcess.Start(
            [("ORCHARD_API_KEYS", null), ("HF_ENDPOINT", "http://127.0.0.1:1"), ("HF_HUB_OFFLINE", null)],
            "serve", "--url", "http://127.0.0.1:0", "--engine-root", fixture.EngineRoot);
        process.CloseInput();
        string line = await process.Out.ReadLineAsync().OrBroken("the address") ?? throw new InvalidOperationException("It serves nothing.");
        using var client = new HttpClient { BaseAddress = new Uri(line.Split(' ')[2].TrimEnd('.')) };

        var model = new { model = "nobody/none" };
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/pull") { Content = JsonContent.Create(model) };
        request.Headers.Add("X-Orchard-Errors", "in-stream");
        string answer = await (await client.SendAsync(request).OrBroken("the answer")).Content.ReadAsStringAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.PostAsJsonAsync("/api/pull", model));
        process.Interrupt();
        CommandRun run = await process.EndAsync();

        Assert.Contains("error", answer, StringComparison.Ordinal);
        Assert.All(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), entry =>
        {
            Assert.Contains("/api/pull could not be served", entry, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", entry, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(null, 8080, "http://127.0.0.1:8080")]
    [InlineData("localhost", null, "http://localhost:11500")]
    [InlineData("::1", 1, "http://[::1]:1")]
    [InlineData("[::1]", 1, "http://[::1]:1")]
    public void HostAndPort_AreAnAddress(string? host, int? port, string expected) => Assert.Equal(expected, ServerAddress.Of(host, port));

    [Theory]
    [InlineData(2, "orchard: --max-requests is 0; allowed is 1 or more.", "--max-requests", "0")]
    [InlineData(3, "startr", "--model", "startr")]
    [InlineData(3, "startr", "--default-model", "startr")]
    public async Task OptionThatNothingCanBeServedWith_IsRefused(int code, string expected, params string[] arguments)
    {
        CommandRun run = await fixture.RunAsync(["serve", "--url", "http://127.0.0.1:0", .. arguments]);

        Assert.Equal((code, ""), (run.ExitCode, run.Out));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("API key", "--host", "0.0.0.0")]
    [InlineData("65535", "--port", "70000")]
    [InlineData("--host is", "--host", "localhost:8080")]
    [InlineData("leave out", "--port", "8080", "--url", "http://127.0.0.1:0")]
    public async Task HostAndPortThatCannotBeServed_AreRefused(string expected, params string[] arguments)
    {
        CommandRun run = await fixture.RunAsync(["serve", .. arguments]);

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "API key")]
    [InlineData("http://example.org:0", "API key")]
    [InlineData("https://localhost:0", "reverse proxy")]
    [InlineData("http://localhost:0/path", "not an address")]
    [InlineData("localhost", "not an address")]
    public async Task AddressThatCannotBeServed_IsRefused(string url, string expected)
    {
        CommandRun run = await fixture.RunAsync("serve", "--url", url);

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddressInUse_IsNamed()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        CommandRun run = await fixture.RunAsync("serve", "--url", $"http://{taken.LocalEndpoint}");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("in use", run.Error, StringComparison.Ordinal);
    }
}
