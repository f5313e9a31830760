using System.ComponentModel;
using System.Diagnostics;

namespace Orchard.Engine.Native.Backends;

/// <summary>Tries out GPU libraries in another process, which a faulty driver may end or let hang.</summary>
/// <param name="executable">The engine.</param>
/// <param name="limit">How long it may take.</param>
internal sealed class BackendProbe(string executable, TimeSpan limit)
{
    /// <summary>Argument with which the engine tries out a library: <see cref="BackendTrial"/>.</summary>
    public const string Argument = "--try-backend";

    /// <summary>How long a trial may take by default: 30 s. A driver that compiles its code at first takes several seconds.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    /// <summary>Tries out a library. Blocks until the other process has ended or the time is over.</summary>
    /// <param name="file">The library.</param>
    /// <param name="environment">Variables that the process gets in addition to those of this one.</param>
    public ProbeResult Try(string file, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(executable, [Argument, file])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            return Observe(process);
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return new ProbeResult($"It could not be tried out: '{executable}' did not start ({e.Message}).");
        }
    }

    private ProbeResult Observe(Process process)
    {
        var output = new ProbeOutput();
        process.OutputDataReceived += (_, line) => output.AddOutput(line.Data);
        process.ErrorDataReceived += (_, line) => output.AddError(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        bool hasExited = process.WaitForExit(limit);
        if (!hasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(EndLimit); // a process in a system call of a driver may not even be killed
        }

        output.WaitForEnd(EndLimit);
        return output.Verdict is { } verdict ? WithDetail(verdict, output.LastError)
            : hasExited ? new ProbeResult(
                FormattableString.Invariant(
                    $"Its driver ended the process that tried it out (exit code {process.ExitCode}){output.LastError}."),
                IsFatal: true)
            : new ProbeResult(
                FormattableString.Invariant($"Its driver did not answer for {limit.TotalSeconds:0} s{output.LastError}."), IsFatal: true);
    }

    private static ProbeResult WithDetail(ProbeResult verdict, string detail) =>
        verdict.Problem is { } problem && detail.Length > 0 ? verdict with { Problem = $"{problem.TrimEnd('.')}{detail}." } : verdict;
}
