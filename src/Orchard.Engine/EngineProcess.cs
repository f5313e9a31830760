using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Serving.Models;
using Orchard.Protocol.Processes;

namespace Orchard.Engine;

/// <summary>Runs an engine host in this process: handles signals and returns an exit code.</summary>
internal static class EngineProcess
{
    // The stop command of PIE-compatible clients sends SIGINT, SIGTERM and SIGKILL at intervals of 5 s.
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(4);

    /// <summary>Runs an engine until it stops, and returns the exit code.</summary>
    public static async Task<int> RunAsync(EngineOptions options, ILoggerFactory loggers)
    {
        ILogger logger = loggers.CreateLogger("Engine");
        var stopRequested = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        // The terminal of the application that started the engine was closed. Other applications still need the engine.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true);

        try
        {
            var loader = new LlamaModelLoader(loggers.CreateLogger<LlamaModelLoader>());
            EngineHost host = await EngineHost
                .StartAsync(options, loader, new ProcessProbe(), TimeProvider.System, loggers)
                .ConfigureAwait(false);
            try
            {
                await host.WaitForEndAsync(stopRequested.Task).ConfigureAwait(false);
            }
            finally
            {
                await StopAsync(host, logger).ConfigureAwait(false);
            }

            return EngineExitCode.Success;
        }
        catch (EngineStartException e)
        {
            logger.CannotStart(e.Message);
            return e.ExitCode;
        }
        catch (Exception e)
        {
            logger.InternalError(e);
            return EngineExitCode.InternalError;
        }

        // A second signal during shutdown has the default effect: the process ends at once.
        void Stop(PosixSignalContext context) => context.Cancel = stopRequested.TrySetResult($"{context.Signal} received");
    }

    private static async Task StopAsync(EngineHost host, ILogger logger)
    {
        try
        {
            await host.DisposeAsync().AsTask().WaitAsync(ShutdownLimit, TimeProvider.System).ConfigureAwait(false);
            logger.Stopped();
        }
        catch (TimeoutException)
        {
            // A step of a large model can take longer. The operating system frees all resources.
            logger.ShutdownOverdue(ShutdownLimit.TotalSeconds);
        }
    }
}
