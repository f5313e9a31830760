using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace Orchard.Benchmarks.Memory;

/// <summary>llama.cpp's own server, if the variable <c>ORCHARD_LLAMA_SERVER</c> names it.</summary>
internal sealed class LlamaServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly Process _process;
    private readonly HttpClient _http;

    private LlamaServer(Process process, int port)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")), Timeout = Patience };
    }

    public static string? Executable { get; } = Environment.GetEnvironmentVariable("ORCHARD_LLAMA_SERVER");

    public int ProcessId => _process.Id;

    /// <summary>Where it listens.</summary>
    public Uri Address => _http.BaseAddress!;

    /// <param name="model">Path of the model.</param>
    /// <param name="slots">How many requests it serves at the same time.</param>
    /// <param name="slotTokens">Length of the context of each.</param>
    /// <param name="more">More arguments.</param>
    public static async Task<LlamaServer> StartAsync(string model, int slots, int slotTokens, params string[] more)
    {
        int port = FreePort();
        string[] arguments =
        [
            "-m", model, "--host", "127.0.0.1", "--port", Text(port), "--parallel", Text(slots), "-c", Text(slots * slotTokens), "--no-webui",
            .. more,
        ];
        var server = new LlamaServer(Process.Start(new ProcessStartInfo(Executable!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!, port);
        server._process.BeginErrorReadLine();
        server._process.BeginOutputReadLine();
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience;)
        {
            try
            {
                if ((await server._http.GetAsync("/health")).IsSuccessStatusCode)
                {
                    return server;
                }
            }
            catch (HttpRequestException) when (!server._process.HasExited)
            {
                // It does not listen yet.
            }
            catch (HttpRequestException e)
            {
                throw new BenchmarkException($"'{Executable}' ended with {server._process.ExitCode} before it listened: {e.Message}");
            }

            await Task.Delay(20);
        }

        throw new BenchmarkException("llama-server did not get ready.");
    }

    /// <summary>Continues a prompt by one token.</summary>
    public async Task CompleteAsync(string prompt)
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync("/completion", new { prompt, n_predict = 1, cache_prompt = true });
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
