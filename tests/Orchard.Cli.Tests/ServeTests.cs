using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
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
            "serve", "--url", "http://127.0.0.1:0", "--preload", "starter", "--api-key", "secret", "--engine-root", fixture.EngineRoot);
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
        process.Interrupt();
        CommandRun run = await process.EndAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, withoutKey);
        Assert.Contains("<title>Orchard</title>", page, StringComparison.Ordinal);
        Assert.Contains(
            "Paris", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
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
