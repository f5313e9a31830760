using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Serving.Models;
using Orchard.Protocol.Processes;

namespace Orchard.Engine;

/// <summary>One engine from its start to its exit code.</summary>
internal sealed class EngineRun(
    EngineOptions options, Action? openLog, IModelLoader loader, IProcessProbe processes, TimeProvider time, ILoggerFactory loggers)
{
    /// <summary>How long an orderly stop may take: less than the 5 s after which PIE-compatible clients send the next signal.</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(4);

    private readonly ILogger _logger = loggers.CreateLogger("Engine");
    private readonly EngineFiles _files = new(options.Root, openLog);

    /// <summary>Runs an engine until it stops, and returns the exit code with which the process should exit at once.</summary>
    /// <param name="signalled">Completes with a description when a signal requests the engine to stop.</param>
    public async Task<int> RunAsync(Task<string> signalled)
    {
        try
        {
            EngineHost host = await EngineHost
                .StartAsync(options, _files, loader, processes, time, loggers)
                .ConfigureAwait(false);
            try
            {
                await host.WaitForEndAsync(signalled).ConfigureAwait(false);
            }
            finally
            {
                await StopAsync(host).ConfigureAwait(false);
            }

            return EngineExitCode.Success;
        }
        catch (EngineStartException e)
        {
            _logger.CannotStart(e.Message);
            return e.ExitCode;
        }
        catch (Exception e)
        {
            _logger.InternalError(e);
            return EngineExitCode.InternalError;
        }
    }

    /// <summary>Removes the files of the engine, for a process that is about to exit without an orderly stop.</summary>
    public void RemoveFiles() => _files.RemoveAll();

    private async Task StopAsync(EngineHost host)
    {
        try
        {
            await host.DisposeAsync().AsTask().WaitAsync(StopLimit, time).ConfigureAwait(false);
            _logger.Stopped();
        }
        catch (TimeoutException)
        {
            // A step of a large model can take longer. The operating system frees everything except the files.
            _files.RemoveAll();
            _logger.ShutdownOverdue(StopLimit.TotalSeconds);
        }
    }
}
