using Microsoft.Extensions.Logging;
using Orchard.Engine;
using Orchard.Engine.Hosting;
using Orchard.Engine.Native;
using Orchard.Engine.Serving.Clients;

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

PosixSession.Detach();
var log = new StderrLoggerProvider(Console.OpenStandardError(), TimeProvider.System);
await using (log.ConfigureAwait(false))
{
    return await EngineProcess.RunAsync(options, log).ConfigureAwait(false);
}
