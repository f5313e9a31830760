using Microsoft.Extensions.Logging;
using Orchard.Engine;
using Orchard.Engine.Hosting;
using Orchard.Engine.Native;
using Orchard.Protocol;

CommandLine commandLine = CommandLine.Parse(args, Environment.GetEnvironmentVariable);
if (commandLine.ShowHelp || commandLine.ShowVersion)
{
    Console.Out.Write(commandLine.ShowHelp ? CommandLine.Help : EngineHost.Version + "\n");
    return ExitCode.Orderly;
}

if (commandLine.Options is not { } options)
{
    Console.Error.Write($"orchard-engine: {commandLine.Error}\n");
    return ExitCode.BadArguments;
}

LogFileLimit? limit = null;
if (Environment.GetEnvironmentVariable(EngineRoot.LogVariable) is { Length: > 0 } logFile)
{
    // A client started us, and owns neither our lifetime nor our log.
    ProcessGroup.Detach();
    limit = new LogFileLimit(logFile);
}

var log = new StderrLoggerProvider(Console.OpenStandardError(), TimeProvider.System, limit: limit);
await using (log.ConfigureAwait(false))
{
    ILogger native = log.CreateLogger("llama.cpp");
    LlamaLog.Sink = (level, line) =>
    {
        // Below this it writes a hundred lines for each model it loads.
        if (level >= LogLevel.Warning)
        {
            native.NativeLine(level, line);
        }
    };
    return await EngineProcess.RunAsync(options, log).ConfigureAwait(false);
}
