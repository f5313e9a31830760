using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Files;
using Orchard.Engine.Native;
using Orchard.Engine.Prefixes;
using Orchard.Engine.Serving.Models;
using Orchard.Protocol.Processes;

namespace Orchard.Engine;

/// <summary>Runs an engine in this process, and handles the signals and other events that end the process.</summary>
internal static class EngineProcess
{
    /// <summary>Runs an engine until it stops, and returns the exit code.</summary>
    /// <param name="options">The options.</param>
    /// <param name="loggers">The log.</param>
    /// <param name="openLog">Called when the engine serves its namespace, to switch the log to its file; null to leave it.</param>
    public static async Task<int> RunAsync(EngineOptions options, ILoggerFactory loggers, Action? openLog)
    {
        LibraryStart.Prepare(options, loggers);
        var trials = new ResultFolder(options.Root.TrialFolder, TimeProvider.System);
        var loader = new LlamaModelLoader(
            options.Decoders,
            loggers.CreateLogger<LlamaModelLoader>(),
            trials,
            names => [.. LlamaDevices.Gpus(names).Select(device => device.Within(options.DeviceMemory))],
            new DeviceLoads(new ResultFolder(options.Root.DeviceFolder, TimeProvider.System)),
            options.Prefixes is { } limits
                ? new PrefixFolder(options.Root.PrefixFolder, limits, TimeProvider.System, loggers.CreateLogger<PrefixFolder>())
                : null);
        var run = new EngineRun(options, openLog, loader, new ProcessProbe(), TimeProvider.System, loggers);
        var stopRequested = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        AppDomain.CurrentDomain.UnhandledException += (_, _) => run.RemoveFiles();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        // The terminal of the application that started the engine was closed. Other applications still need the engine.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true);

        return await run.RunAsync(stopRequested.Task).ConfigureAwait(false);

        void Stop(PosixSignalContext context)
        {
            context.Cancel = stopRequested.TrySetResult($"{context.Signal} received");
            if (!context.Cancel)
            {
                run.RemoveFiles(); // a second signal has the default effect: the process ends at once
            }
        }
    }
}
