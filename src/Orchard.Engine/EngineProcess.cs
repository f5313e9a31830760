using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Hosting;
using Orchard.Engine.Inference;
using Orchard.Protocol.Processes;

namespace Orchard.Engine;

/// <summary>The process around a host: signals in, an exit code out.</summary>
internal static class EngineProcess
{
    // The family's stop command turns from SIGINT to SIGTERM to SIGKILL after 5 s each.
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(4);

    /// <summary>Runs an engine to its end and returns the exit code.</summary>
    public static async Task<int> RunAsync(EngineOptions options, ILoggerFactory loggers)
    {
        ILogger logger = loggers.CreateLogger("Engine");
        var stopRequested = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        // The terminal of whoever started us is closed; the other applications still need us.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true);

        try
        {
            EngineHost host = await EngineHost
                .StartAsync(options, new LlamaModelLoader(loggers.CreateLogger<LlamaModelLoader>()), new ProcessProbe(), TimeProvider.System, loggers)
                .ConfigureAwait(false);
            try
            {
                await host.WaitForEndAsync(stopRequested.Task).ConfigureAwait(false);
            }
            finally
            {
                await StopAsync(host, logger).ConfigureAwait(false);
            }

            return ExitCode.Orderly;
        }
        catch (EngineStartException e)
        {
            logger.CannotStart(e.Message);
            return e.ExitCode;
        }
        catch (Exception e)
        {
            logger.InternalError(e);
            return ExitCode.Internal;
        }

        // A second signal while we shut down finds the default behaviour: the process ends at once.
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
            // A long step of a large model; the operating system frees the rest.
            logger.ShutdownOverdue(ShutdownLimit.TotalSeconds);
        }
    }
}
