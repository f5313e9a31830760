using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Orchard.Cli.Commands;
using Orchard.Cli.Terminals;

namespace Orchard.Cli;

/// <summary>The command <c>orchard</c>: its subcommands, its help, and what becomes of errors.</summary>
internal static class OrchardCommand
{
    /// <summary>Runs a command line and returns the exit code. Throws only what is a fault of this program.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal)
    {
        ParseResult command = Create(new CommandHost(terminal)).Parse(arguments);
        if (command.Action is ParseErrorAction error)
        {
            error.ShowHelp = false; // which would hide the error, and is not a result
        }

        var configuration = new InvocationConfiguration
        {
            Output = command.Action is ParseErrorAction ? terminal.Error : terminal.Out, // suggestions are no results
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // the terminal handles Ctrl+C
        };
        try
        {
            int code = await command.InvokeAsync(configuration, terminal.Interrupts.Leave).ConfigureAwait(false);
            if (command.Action is not ParseErrorAction)
            {
                return code;
            }

            terminal.Note($"Run '{CommandLineOf(command)} --help' for help.");
            return ExitCodes.Usage;
        }
        catch (OperationCanceledException) when (terminal.Interrupts.Leave.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (ExitCodes.Of(e) is { } code)
        {
            terminal.Note($"orchard: {ExitCodes.Describe(e)}");
            return code;
        }
    }

    private static string CommandLineOf(ParseResult command) =>
        command.CommandResult.Command is RootCommand ? "orchard" : $"orchard {command.CommandResult.Command.Name}";

    private static RootCommand Create(CommandHost host)
    {
        var root = new RootCommand(
            "Runs large language models on this machine. The models run in an engine process that all applications of the user share; it "
            + "starts when it is needed and exits when it is not.");
        Command[] commands =
        [
            RunCommand.Create(host),
            PullCommand.Create(host),
            ListCommand.Create(host),
            ShowCommand.Create(host),
            RemoveCommand.Create(host),
            PsCommand.Create(host),
            StopCommand.Create(host),
            CacheCommand.Create(host),
            EmbedCommand.Create(host),
            BenchCommand.Create(host),
            DoctorCommand.Create(host),
            LaunchCommand.Create(host),
            ServeCommand.Create(host),
            McpCommand.Create(host),
            CompletionCommand.Create(host),
            HelpCommand.Create(root),
            VersionCommand.Create(root),
        ];
        foreach (Command command in commands)
        {
            root.Add(command);
        }

        root.Add(host.EngineRoot);
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    /// <summary>The help of a command, with its examples, and for the root with the exit codes.</summary>
    private sealed class HelpWithExamples(HelpAction standard) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int code = standard.Invoke(parseResult);
            TextWriter writer = parseResult.InvocationConfiguration.Output;
            switch (parseResult.CommandResult.Command)
            {
                case RootCommand:
                    writer.WriteLine(ExitCodes.Help);
                    break;
                case DocumentedCommand { Examples: { } examples }:
                    writer.WriteLine("Examples:");
                    foreach (string line in examples.Split('\n'))
                    {
                        writer.WriteLine($"  {line}");
                    }

                    writer.WriteLine();
                    break;
            }

            return code;
        }
    }
}
