using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Native.Media;

namespace Orchard.Engine.Native;

/// <summary>Forwards the log lines of the library to managed code.</summary>
internal static unsafe class LlamaLog
{
    /// <summary>Longer lines are truncated. The library logs metadata of model files, which can be long.</summary>
    private const int MaxLineLength = 4096;

    [ThreadStatic]
    private static LlamaLogCapture? _capture;

    [ThreadStatic]
    private static StringBuilder? _line;

    [ThreadStatic]
    private static LogLevel _level;

    /// <summary>
    /// Receives each line, on the thread that the library logs on, possibly concurrently. Exceptions are ignored. Null drops the lines
    /// (default: null).
    /// </summary>
    public static Action<LogLevel, string>? Sink { get; set; }

    /// <summary>Installs the log callback of the library. Must be called once per process, before any other function.</summary>
    public static void Attach() => LlamaApi.llama_log_set(&OnLog, null);

    /// <summary>Makes the library for images and sound log likewise, which has a log of its own.</summary>
    public static void AttachMedia() => MtmdApi.mtmd_helper_log_set(&OnLog, null);

    /// <summary>Captures what the library logs on this thread until disposed. The log is the only source of error details.</summary>
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
            // An exception must not propagate into native code. Losing a log line is acceptable.
        }
    }

    /// <summary>
    /// Appends text to the current line. A line may arrive in parts, of which all but the first have the level "continued".
    /// </summary>
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
