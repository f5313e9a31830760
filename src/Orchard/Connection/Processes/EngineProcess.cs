using System.Diagnostics;
using Orchard.Protocol;

namespace Orchard.Connection.Processes;

/// <summary>
/// An engine process that this process has started. It keeps running while other clients use it; disposing only releases the handle.
/// </summary>
internal sealed class EngineProcess : IDisposable
{
    private const string GraceVariable = "ORCHARD_ENGINE_GRACE_SECONDS";
    private const string DotnetRootVariable = "DOTNET_ROOT";

    private readonly Process _process;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EngineProcess(Process process)
    {
        _process = process;
        process.Exited += (_, _) => _exited.TrySetResult(process.ExitCode);
        process.EnableRaisingEvents = true;
        Id = process.Id;
    }

    public int Id { get; }

    /// <summary>Completes with the exit code when the process has exited: 128 plus the signal number if a signal ended it.</summary>
    public Task<int> Exited => _exited.Task;

    /// <exception cref="EngineStartException">The operating system refused to start it, or its log cannot be written.</exception>
    public static EngineProcess Start(string path, EngineRoot root, TimeSpan? graceTime)
    {
        ProcessStartInfo start = CreateStartInfo(path, root.LogFile);
        start.UseShellExecute = false;
        start.WorkingDirectory = root.Directory;
        start.Environment[EngineRoot.CacheRootVariable] = root.Directory;
        start.Environment[EngineRoot.IpcRootVariable] = root.IpcDirectory;
        if (graceTime is { } grace)
        {
            start.Environment[GraceVariable] = grace.TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        LargePages.Enable(start);
        if (SharedRuntimeRoot() is { } dotnet && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(DotnetRootVariable)))
        {
            start.Environment[DotnetRootVariable] = dotnet;
        }

        EngineLog.Prepare(root.LogFile);
        try
        {
            return new EngineProcess(Process.Start(start)!);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new EngineStartException($"The engine at '{path}' could not be started: {e.Message}", e);
        }
    }

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

    // The engine may outlive this process, so its output must go to a file that it has open itself, not through a pipe of this process.
    // The Process class supports only pipes; a shell that replaces itself (same pid) can open the file.
    private static ProcessStartInfo CreateStartInfo(string path, string log)
    {
        if (OperatingSystem.IsWindows())
        {
            return new ProcessStartInfo(path) { CreateNoWindow = true };
        }

        return new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", "exec \"$@\" </dev/null >>\"$0\" 2>&1", log, path },
            Environment = { [EngineRoot.LogVariable] = log },
        };
    }

    // An application started as `dotnet app.dll` can locate the runtime; a framework-dependent engine may not find it by itself.
    private static string? SharedRuntimeRoot()
    {
        string? root = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(
            Path.TrimEndingDirectorySeparator(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory()))));
        return root is not null && Directory.Exists(Path.Combine(root, "host", "fxr")) ? root : null;
    }
}
