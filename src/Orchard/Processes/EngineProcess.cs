using System.Diagnostics;
using System.Globalization;
using Orchard.Protocol;
using Orchard.Protocol.Processes;

namespace Orchard.Processes;

/// <summary>
/// An engine process that this process has started. It keeps running while other clients use it; disposing only releases the handle.
/// </summary>
internal sealed class EngineProcess : IDisposable
{
    private const string DotnetRootVariable = "DOTNET_ROOT";

    private readonly Process _process;
    private readonly EngineOutput _output;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EngineProcess(Process process)
    {
        _process = process;
        process.Exited += (_, _) => _exited.TrySetResult(process.ExitCode);
        process.EnableRaisingEvents = true;
        Id = process.Id;
        _output = new EngineOutput(process);
    }

    public int Id { get; }

    /// <summary>Completes with the exit code when the process has exited: 128 plus the signal number if a signal ended it.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>What the process has written before it had a log.</summary>
    public string EarlyOutput => _output.Text;

    /// <param name="path">The executable.</param>
    /// <param name="root">The namespace that it serves.</param>
    /// <param name="graceTime">How long it stays without clients; null for its default.</param>
    /// <param name="scope">The scope to start it in; null for the control group of this process.</param>
    /// <exception cref="EngineStartException">The operating system refused to start it.</exception>
    public static EngineProcess Start(string path, EngineRoot root, TimeSpan? graceTime, EngineScope? scope)
    {
        // The engine opens its log itself and detaches from the streams, because it may outlive this process.
        var start = new ProcessStartInfo(path)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = root.Directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        EngineEnvironment.Restrict(start.Environment);
        start.Environment.TryAdd("GGML_NO_BACKTRACE", "1"); // else a failed assertion of native code starts a debugger, and waits for it
        start.Environment[EngineRoot.CacheRootVariable] = root.Directory;
        start.Environment[EngineRoot.IpcRootVariable] = root.IpcDirectory;
        start.Environment[EngineRoot.PieCompatibleVariable] = root.IsPieCompatible ? "1" : "0";
        start.Environment[EngineRoot.LogVariable] = root.LogFile;
        if (graceTime is { } grace)
        {
            start.Environment[EngineVariables.GraceSeconds] = grace.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        }

        LargePages.Enable(start);
        scope?.Apply(start);
        if (SharedRuntimeRoot() is { } dotnet && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(DotnetRootVariable)))
        {
            start.Environment[DotnetRootVariable] = dotnet;
        }

        try
        {
            Process process = Process.Start(start)!;
            process.StandardInput.Close();
            return new EngineProcess(process);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new EngineStartException($"The engine at '{path}' could not be started: {e.Message}", e);
        }
    }

    /// <summary>Returns what the process, which has exited, had written before it had a log.</summary>
    public Task<string> ReadEarlyOutputAsync(TimeProvider time) => _output.ReadToEndAsync(time);

    /// <summary>Kills a process that never became ready.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has exited already.
        }
    }

    public void Dispose() => _process.Dispose();

    // An application started as `dotnet app.dll` can locate the runtime; a framework-dependent engine may not find it by itself.
    private static string? SharedRuntimeRoot()
    {
        string? root = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(
            Path.TrimEndingDirectorySeparator(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory()))));
        return root is not null && Directory.Exists(Path.Combine(root, "host", "fxr")) ? root : null;
    }
}
