using Orchard.Cli;
using Orchard.Cli.Terminals;

Terminal terminal = Terminal.OfProcess();
return await OrchardCommand.RunAsync(args, terminal).ConfigureAwait(false);
