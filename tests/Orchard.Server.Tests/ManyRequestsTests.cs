using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Orchard.TestSupport;

namespace Orchard.Server.Tests;

/// <summary>Tests that count what the whole process has open.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;

/// <summary>
/// Many requests at the same time, clients that leave at any moment, and connections that stay open. ORCHARD_HTTP_STREAMS,
/// ORCHARD_HTTP_REQUESTS and ORCHARD_HTTP_CONNECTIONS set how many.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed class ManyRequestsTests(ServerFixture fixture, ITestOutputHelper output) : IClassFixture<ServerFixture>
{
    private const int Tolerance = 4;
    private const long MostOfAnIdleConnection = 64 * 1024;

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
        TimeSpan longest;
        using (HttpClient http = Connect())
        {
            await Task.WhenAll(Enumerable.Range(0, atOnce).Select(index => StreamAsync(http, index, CancellationToken.None)));
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, atOnce).Select(index => StreamAsync(http, index, CancellationToken.None)));
            longest = watch.Elapsed;
            _ = await IsIdleAsync(); // opens the connection that stays open
        }

        string[] before = await SettledDescriptorsAsync();
        using (HttpClient http = Connect())
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, count),
                new ParallelOptions { MaxDegreeOfParallelism = atOnce },
                async (index, _) =>
                {
                    using var leave = new CancellationTokenSource();
                    if (index % 4 == 0)
                    {
                        // Its neighbours stay to the end.
                        Assert.EndsWith("data: [DONE]\n\n", await StreamAsync(http, index, leave.Token), StringComparison.Ordinal);
                        return;
                    }

                    leave.CancelAfter(longest * new Random(index).NextDouble());
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
        string[] after = await SettledDescriptorsAsync();
        output.WriteLine($"{left} of {count} clients left; {before.Length} descriptors before, {after.Length} after");
        Assert.True(
            after.Length <= before.Length + Tolerance,
            $"There were {before.Length} descriptors, and now there are {after.Length}: {string.Join(", ", after.Except(before))}");
        Assert.True(left > 0);
    }

    [Fact]
    public async Task Connections_ThatAreIdle_TakeLittleMemory()
    {
        int count = Count("ORCHARD_HTTP_CONNECTIONS", 200);
        var connections = new List<Socket>(count);
        try
        {
            await OpenAsync(connections, 50); // what the first connections create stays
            Memory before = Memory.Now();
            await OpenAsync(connections, count);
            Memory after = Memory.Now();

            long managed = (after.Managed - before.Managed) / count;
            long resident = (after.Resident - before.Resident) / count;
            output.WriteLine($"{count} idle connections: {managed} bytes each on the heap, {resident} resident");
            Assert.True(managed <= MostOfAnIdleConnection, $"An idle connection takes {managed} bytes of the heap.");
            Assert.True(resident <= MostOfAnIdleConnection, $"An idle connection takes {resident} bytes of memory.");
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    // Each streams an answer, and stays open.
    private async Task OpenAsync(List<Socket> connections, int count)
    {
        const string body = """{"model": "starter", "stream": true, "max_tokens": 4, "messages": [{"role": "user", "content": "Hi"}]}""";
        byte[] request = Encoding.UTF8.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: {Server.Address.Authority}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        byte[] buffer = new byte[4096];
        for (int i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            connections.Add(socket);
            await socket.ConnectAsync(Server.Address.Host, Server.Address.Port);
            await socket.SendAsync(request);
            var answer = new StringBuilder();
            do
            {
                int read = await socket.ReceiveAsync(buffer).OrBroken("the end of an answer");
                Assert.True(read > 0, $"The server closed the connection: {answer}");
                answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
            while (!answer.ToString().EndsWith("0\r\n\r\n", StringComparison.Ordinal));

            Assert.StartsWith("HTTP/1.1 200", answer.ToString(), StringComparison.Ordinal);
        }

        await Server.UntilIdleAsync();
    }

    private static int Count(string variable, int byDefault) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out int count) ? count : byDefault;

    private static string[] Descriptors() => OperatingSystem.IsLinux()
        ? [.. Directory.GetFiles("/proc/self/fd").Select(file => $"{Path.GetFileName(file)} {new FileInfo(file).LinkTarget}")]
        : [];

    // Connections end some time after their requests.
    private static async Task<string[]> SettledDescriptorsAsync()
    {
        string[] lowest = Descriptors();
        for (int same = 0; same < 20; same++)
        {
            await Task.Delay(50);
            string[] now = Descriptors();
            (lowest, same) = now.Length < lowest.Length ? (now, 0) : (lowest, same);
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

    /// <summary>Bytes that the process uses after a full collection; the resident ones on Linux only.</summary>
    private readonly record struct Memory(long Managed, long Resident)
    {
        public static Memory Now()
        {
            long managed = GC.GetTotalMemory(forceFullCollection: true);
            return new Memory(managed, OperatingSystem.IsLinux() ? Environment.WorkingSet : 0);
        }
    }
}
