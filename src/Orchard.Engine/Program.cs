using Microsoft.Extensions.Logging;
using Orchard.Engine;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Hosting;
using Orchard.Engine.Native;
using Orchard.Engine.Native.Backends;
using Orchard.Protocol.Processes;

CommandLine commandLine = CommandLine.Parse(args, Environment.GetEnvironmentVariable);
if (commandLine.ShowHelp || commandLine.ShowVersion)
{
    Console.Out.Write(commandLine.ShowHelp ? CommandLine.Help : EngineVersion.Current + "\n");
    return EngineExitCode.Success;
}

if (commandLine.Trial is { } trial)
{
    Console.Out.Write(BackendTrial.Run(trial) + "\n");
    return EngineExitCode.Success;
}

if (commandLine.ShowDevices)
{
    return DeviceList.Print(Console.Out, Console.Error);
}

if (commandLine.Options is not { } options)
{
    Console.Error.Write($"orchard-engine: {commandLine.Error}\n");
    return EngineExitCode.BadArguments;
}

FreedMemory.KeepLittle();
var log = new EngineLoggerProvider(Console.OpenStandardError(), TimeProvider.System);
Action? openLog = null;
if (options.LogFile is { } logFile)
{
    // A client started this process. It reads standard error until the engine serves the namespace.
    Daemon.StartSession();
    openLog = () => log.WriteTo(LogFile.Open(logFile, Daemon.RedirectTo));
}

await using (log.ConfigureAwait(false))
{
    ILogger native = log.CreateLogger("llama.cpp");
    LlamaLog.Sink = (level, line) =>
    {
        // The library logs a hundred lines of lower levels for each model.
        if (level >= LogLevel.Warning)
        {
            native.NativeLine(level, line);
        }
    };
    return await EngineProcess.RunAsync(options, log, openLog).ConfigureAwait(false);
}
