using System.Diagnostics;
using System.Text.Json;

namespace Orchard.Benchmarks;

/// <summary>A program that answers each line of JSON on its standard input with one on its standard output, and ends with its input.</summary>
internal sealed class LineProcess : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly Process _process;

    private LineProcess(Process process) => _process = process;

    public int ProcessId => _process.Id;

    /// <param name="path">The program.</param>
    /// <param name="environment">Environment variables beside those of this process.</param>
    /// <param name="words">Its arguments.</param>
    public static LineProcess Start(string path, IReadOnlyDictionary<string, string> environment, params string[] words)
    {
        var start = new ProcessStartInfo(path, words) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new LineProcess(Process.Start(start)!);
    }

    /// <summary>Sends a request and waits for the reply.</summary>
    public async Task<TReply> AskAsync<TReply>(object request)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, Json));
        await _process.StandardInput.FlushAsync();
        return await ReadAsync<TReply>();
    }

    /// <summary>Waits for a line that was not asked for.</summary>
    public async Task<TReply> ReadAsync<TReply>() =>
        await _process.StandardOutput.ReadLineAsync() is { } line
            ? JsonSerializer.Deserialize<TReply>(line, Json)!
            : throw new BenchmarkException($"'{_process.StartInfo.FileName}' has ended.");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
