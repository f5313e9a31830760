using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Orchard.Engine.Native;

/// <summary>Brings the library's log lines to managed code.</summary>
internal static unsafe class LlamaLog
{
    /// <summary>A line longer than this is cut: the library writes short ones, a model file's metadata may not be.</summary>
    private const int MaxLineLength = 4096;

    [ThreadStatic]
    private static LlamaLogCapture? _capture;

    [ThreadStatic]
    private static StringBuilder? _line;

    [ThreadStatic]
    private static LogLevel _level;

    /// <summary>
    /// Receives each line, on whichever thread the library logs from, possibly on several at once. What it throws is swallowed.
    /// Default: none, the lines are dropped.
    /// </summary>
    public static Action<LogLevel, string>? Sink { get; set; }

    /// <summary>Directs the library's log here. Once per process, before anything else is called.</summary>
    public static void Attach() => LlamaApi.llama_log_set(&OnLog, null);

    /// <summary>Collects what the library logs on this thread until disposed: the only place where it says why something failed.</summary>
    public static LlamaLogCapture CaptureThisThread(LogLevel minimum)
    {
        var capture = new LlamaLogCapture(minimum, _capture, previous => _capture = previous);
        _capture = capture;
        return capture;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(int level, byte* text, void* userData)
    {
        try
        {
            Append(level, Marshal.PtrToStringUTF8((nint)text) ?? string.Empty);
        }
        catch (Exception)
        {
            // An exception must not cross into native code, and a lost log line is the lesser evil.
        }
    }

    /// <summary>A line may arrive in pieces; the later ones have the level "continued".</summary>
    private static void Append(int level, string text)
    {
        const int Continued = 5;
        StringBuilder line = _line ??= new StringBuilder();
        if (level != Continued)
        {
            Flush(line);
            _level = ToLogLevel(level);
        }

        line.Append(text.AsSpan(0, Math.Min(text.Length, MaxLineLength - Math.Min(line.Length, MaxLineLength))));
        if (text.EndsWith('\n'))
        {
            Flush(line);
        }
    }

    private static void Flush(StringBuilder line)
    {
        string text = line.ToString().TrimEnd();
        line.Clear();
        if (text.Length > 0)
        {
            _capture?.Add(_level, text);
            Sink?.Invoke(_level, text);
        }
    }

    private static LogLevel ToLogLevel(int level) => level switch
    {
        1 => LogLevel.Debug,
        2 => LogLevel.Information,
        3 => LogLevel.Warning,
        4 => LogLevel.Error,
        _ => LogLevel.Debug,
    };
}
