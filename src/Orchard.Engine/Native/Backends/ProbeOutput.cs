using System.Diagnostics.CodeAnalysis;

namespace Orchard.Engine.Native.Backends;

/// <summary>What a process that tries out a GPU library has written. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Streams may end at any time, and the event has no wait handle.")]
internal sealed class ProbeOutput
{
    /// <summary>The line of a library that can be used.</summary>
    public const string Usable = "usable";

    /// <summary>Start of the line with the reason why a library cannot be used.</summary>
    public const string Unusable = "unusable: ";

    private readonly Lock _gate = new();
    private readonly CountdownEvent _openStreams = new(2);
    private ProbeResult? _verdict;
    private string? _lastError;

    /// <summary>What the process says; null if it has not come that far.</summary>
    public ProbeResult? Verdict
    {
        get
        {
            lock (_gate)
            {
                return _verdict;
            }
        }
    }

    /// <summary>The last line of the standard error, to be put after a sentence; empty if there is none.</summary>
    public string LastError
    {
        get
        {
            lock (_gate)
            {
                return _lastError is null ? "" : $": {_lastError.TrimEnd('.')}";
            }
        }
    }

    /// <summary>Waits until both streams have ended, but no longer than the limit.</summary>
    public void WaitForEnd(TimeSpan limit) => _openStreams.Wait(limit);

    /// <summary>Adds a line of the standard output; null for its end.</summary>
    public void AddOutput(string? line)
    {
        EndIfNull(line);
        lock (_gate)
        {
            _verdict = line == Usable ? new ProbeResult(null)
                : line?.StartsWith(Unusable, StringComparison.Ordinal) == true ? new ProbeResult(line[Unusable.Length..])
                : _verdict;
        }
    }

    /// <summary>Adds a line of the standard error; null for its end.</summary>
    public void AddError(string? line)
    {
        EndIfNull(line);
        lock (_gate)
        {
            // The runtime prints the stack of a crash after the message of the driver.
            if (!string.IsNullOrWhiteSpace(line) && !line.StartsWith("   at ", StringComparison.Ordinal))
            {
                _lastError = line.Trim();
            }
        }
    }

    private void EndIfNull(string? line)
    {
        if (line is null)
        {
            _openStreams.Signal();
        }
    }
}
