using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Orchard.Remote;
using Orchard.TestSupport;

namespace Orchard.Conformance.Tests;

/// <summary>
/// What of the contract holds for a server that another project makes: llama-server with the starter model, where ORCHARD_LLAMA_SERVER
/// names one.
/// </summary>
public sealed class LlamaServerTests : IAsyncLifetime
{
    private const string Variable = "ORCHARD_LLAMA_SERVER";
    private const string Model = "llama/starter";
    private const string Question = "What is the capital of France?";

    private static readonly GenerationOptions Greedy = new() { Temperature = 0, MaxOutputTokens = 200 };

    private readonly Uri _address = new($"http://127.0.0.1:{FreePort()}");
    private Process? _process;

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
        {
            return;
        }

        var start = new ProcessStartInfo(path)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string model = Path.Combine(AppContext.BaseDirectory, "models", "starter.gguf");
        foreach (string word in (string[])["-m", model, "--alias", "starter", "--host", "127.0.0.1", "--port", $"{_address.Port}", "--jinja"])
        {
            start.ArgumentList.Add(word);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient { BaseAddress = _address };
        await Task.Run(async () =>
        {
            while (!await IsHealthyAsync(http))
            {
                await Task.Delay(100);
            }
        }).OrBroken("the server to be ready");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    [Fact]
    public async Task Chat_StreamAndBatch_GiveTheSameText()
    {
        await using Client client = Connect();
        ChatResult whole = await client.ChatAsync(Model, [Message.User(Question)], Greedy).OrBroken("the answer");

        var text = new StringBuilder();
        await foreach (ChatDelta delta in client.ChatStreamAsync(Model, [Message.User(Question)], Greedy))
        {
            text.Append(delta.Text);
        }

        IReadOnlyList<ChatResult> batch = await client.ChatBatchAsync(
            Model, [[Message.User(Question)], [Message.User(Question)]], Greedy).OrBroken("the batch");

        Assert.Contains("Paris", whole.Text, StringComparison.Ordinal);
        Assert.Equal(whole.Text, text.ToString());
        Assert.All(batch, answer => Assert.Equal(whole.Text, answer.Text));
        Assert.Equal(FinishReason.Stop, whole.FinishReason);
        Assert.True(whole.Usage is { PromptTokens: > 0, CompletionTokens: > 0 });
    }

    [Fact]
    public async Task Tokens_AreSplitJoinedAndCountedAsInTheUsage()
    {
        await using Client client = Connect();
        ModelInfo info = await client.Models.EnsureLoadedAsync(Model).OrBroken("the model");
        IReadOnlyList<int> tokens = await client.TokenizeAsync(Model, Question).OrBroken("the tokens");
        ChatResult answer = await client.ChatAsync(Model, [Message.User(Question)], Greedy).OrBroken("the answer");

        Assert.True(info.ContextLength > 0);
        Assert.Equal(Question, await client.DetokenizeAsync(Model, tokens).OrBroken("the text"));
        Assert.Equal(answer.Usage.PromptTokens, await client.CountTokensAsync(Model, [Message.User(Question)]).OrBroken("the count"));
    }

    [Fact]
    public async Task Logprobs_AndSchema_AreAsRequested()
    {
        await using Client client = Connect();
        ChatResult scored = await client.ChatAsync(
            Model, [Message.User(Question)], Greedy with { TopLogprobs = 2 }).OrBroken("the answer");
        ChatResult json = await client.ChatAsync(
            Model,
            [Message.User(Question)],
            Greedy with { ResponseFormat = ResponseFormat.JsonSchema("""{"type":"object","properties":{"a":{"type":"boolean"}},"required":["a"],"additionalProperties":false}""") })
            .OrBroken("the object");

        Assert.Equal(scored.Text, Encoding.UTF8.GetString([.. scored.Logprobs.SelectMany(static token => token.Bytes.ToArray())]));
        Assert.All(scored.Logprobs, static token => Assert.True(token.TopLogprobs.Count == 2 && token.Id >= 0));
        Assert.StartsWith("{", json.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContextTooLong_HasTheNumbers()
    {
        await using Client client = Connect();
        string text = string.Join(' ', Enumerable.Range(0, 20_000).Select(static i => i.ToString(CultureInfo.InvariantCulture)));

        var error = await Assert.ThrowsAsync<ContextLengthExceededException>(() => client.ChatAsync(Model, text).OrBroken("the refusal"));

        Assert.True(error.PromptTokens > error.ContextLength, $"{error.PromptTokens} {error.ContextLength}: {error.Message}");
    }

    [Fact]
    public async Task Kill_AnAnswerUnderWay_FailsTyped()
    {
        await using Client client = Connect();
        await using IAsyncEnumerator<ChatDelta> stream = client.ChatStreamAsync(
            Model, [Message.User(Contract.LongQuestion)], new GenerationOptions { IgnoreEndOfSequence = true }).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync().AsTask().OrBroken("the first word"));

        _process!.Kill(entireProcessTree: true);

        var error = await Assert.ThrowsAsync<RemoteConnectionException>(async () =>
        {
            while (await stream.MoveNextAsync().AsTask().OrBroken("the end"))
            {
            }
        });
        Assert.True(error.ReceivedCharacters > 0);
    }

    private Client Connect()
    {
        Assert.SkipWhen(_process is null, $"{Variable} does not name a llama-server.");
        return Client.Create(new ClientOptions { StartEngine = false }.AddRemote("llama", _address));
    }

    private static async Task<bool> IsHealthyAsync(HttpClient http)
    {
        try
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri("/health", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
