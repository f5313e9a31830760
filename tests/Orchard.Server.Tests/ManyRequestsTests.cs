using System.Diagnostics;
using System.Text;
using Orchard.TestSupport;

namespace Orchard.Server.Tests;

/// <summary>Tests that count what the whole process has open.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;

/// <summary>
/// Many requests at the same time, and clients that leave at any moment. ORCHARD_HTTP_STREAMS and ORCHARD_HTTP_REQUESTS set how many.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed class ManyRequestsTests(ServerFixture fixture, ITestOutputHelper output) : IClassFixture<ServerFixture>
{
    private const int Tolerance = 4;

    private static readonly TimeSpan MostOfARequest = TimeSpan.FromMilliseconds(60);

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task Streams_AtTheSameTime_AllEnd()
    {
        int count = Count("ORCHARD_HTTP_STREAMS", 150);
        using HttpClient http = Connect();
        var watch = Stopwatch.StartNew();

        string[] answers = await Task.WhenAll(Enumerable.Range(0, count).Select(index => StreamAsync(http, index, CancellationToken.None)));

        output.WriteLine($"{count} streams: {watch.Elapsed.TotalSeconds:0.0} s");
        Assert.All(answers, answer => Assert.EndsWith("data: [DONE]\n\n", answer, StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.Contains("\"finish_reason\":\"", answer, StringComparison.Ordinal));
        await Server.UntilIdleAsync();
    }

    [Fact]
    public async Task Clients_ThatLeaveAtAnyMoment_LeaveNothing()
    {
        const int atOnce = 32;
        int count = Count("ORCHARD_HTTP_REQUESTS", 200);
        int left = 0;
        using (HttpClient http = Connect())
        {
            await Task.WhenAll(Enumerable.Range(0, atOnce).Select(index => StreamAsync(http, index, CancellationToken.None)));
            _ = await IsIdleAsync(); // opens the connection that stays open
        }

        int before = await SettledDescriptorsAsync();
        using (HttpClient http = Connect())
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, count),
                new ParallelOptions { MaxDegreeOfParallelism = atOnce },
                async (index, _) =>
                {
                    using var leave = new CancellationTokenSource(MostOfARequest * new Random(index).NextDouble());
                    try
                    {
                        await StreamAsync(http, index, leave.Token);
                    }
                    catch (OperationCanceledException)
                    {
                        Interlocked.Increment(ref left);
                    }
                });
        }

        await Server.UntilIdleAsync();
        await UntilAsync(() => IsIdleAsync(), "the end of all sequences in the engine");
        int after = await SettledDescriptorsAsync();
        output.WriteLine($"{left} of {count} clients left; {before} descriptors before, {after} after");
        Assert.True(after <= before + Tolerance, $"There were {before} descriptors, and now there are {after}.");
        Assert.True(left > 0);
    }

    private static int Count(string variable, int byDefault) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out int count) ? count : byDefault;

    private static int Descriptors() => OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : 0;

    // Connections end some time after their requests.
    private static async Task<int> SettledDescriptorsAsync()
    {
        int lowest = Descriptors();
        for (int same = 0; same < 20; same++)
        {
            await Task.Delay(50);
            int now = Descriptors();
            (lowest, same) = now < lowest ? (now, 0) : (lowest, same);
        }

        return lowest;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        async Task Run()
        {
            while (!await condition())
            {
                await Task.Delay(50);
            }
        }

        await Run().OrBroken(what);
    }

    private HttpClient Connect() => new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        BaseAddress = Server.Address,
        Timeout = TimeSpan.FromMinutes(10),
    };

    private async Task<bool> IsIdleAsync() =>
        (await Server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative)))
        .Contains("\norchard_requests_running 0\n", StringComparison.Ordinal);

    private static async Task<string> StreamAsync(HttpClient http, int index, CancellationToken cancellationToken)
    {
        string body = $$"""
            {"model": "starter", "stream": true, "max_tokens": 8, "messages": [{"role": "user", "content": "Say the number {{index}}."}]}
            """;
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = content };
        using HttpResponseMessage response =
            await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }
}
