using System.Diagnostics;
using System.Text;

namespace Orchard.Processes;

/// <summary>
/// What an engine process writes to its standard streams: the reason when it cannot start. Orchard's engine redirects the streams to its
/// log once it serves its namespace. Another program may go on writing; everything is read and the first part is kept. Thread-safe.
/// </summary>
internal sealed class EngineOutput
{
    private const int MaxCharacters = 8192;
    private const int BufferSize = 1024;

    // Time for the last bytes of a process that has exited. A child process of it may keep the streams open.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1);

    private readonly StringBuilder _text = new();
    private readonly Task _reading;

    /// <param name="process">A process whose output is redirected.</param>
    public EngineOutput(Process process) =>
        _reading = Task.WhenAll(ReadAsync(process.StandardError), ReadAsync(process.StandardOutput));

    /// <summary>The first part of the output so far.</summary>
    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>Returns the first part of the output of a process that has exited.</summary>
    public async Task<string> ReadToEndAsync(TimeProvider time)
    {
        try
        {
            await _reading.WaitAsync(EndLimit, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
        }

        return Text;
    }

    private async Task ReadAsync(StreamReader reader)
    {
        char[] buffer = new char[BufferSize];
        try
        {
            while (await reader.ReadAsync(buffer).ConfigureAwait(false) is > 0 and int count)
            {
                lock (_text)
                {
                    _text.Append(buffer, 0, Math.Min(count, MaxCharacters - _text.Length));
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // The process object was disposed; the engine keeps running.
        }
    }
}
