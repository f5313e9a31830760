using System.CommandLine;
using System.CommandLine.Completions;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard help [COMMAND]</c>: what <c>--help</c> prints.</summary>
internal static class HelpCommand
{
    public static Command Create(RootCommand root)
    {
        var words = new Argument<string[]>("command")
        {
            HelpName = "command",
            Description = "The command to describe (default: all of them)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        words.CompletionSources.Add(_ => root.Subcommands.Select(static command => new CompletionItem(command.Name)));
        var command = new DocumentedCommand("help", "Describe orchard or one of its commands, as the option --help does")
        {
            Examples = "orchard help\norchard help run",
        };
        command.Add(words);
        command.SetAction(arguments =>
        {
            string[] path = arguments.GetValue(words) ?? [];
            CheckPath(root, path);
            return root.Parse([.. path, "--help"]).Invoke(arguments.InvocationConfiguration);
        });
        return command;
    }

    private static void CheckPath(Command root, string[] path)
    {
        Command command = root;
        foreach (string word in path)
        {
            command = command.Subcommands.FirstOrDefault(one => one.Name == word || one.Aliases.Contains(word))
                ?? throw new UsageException($"There is no command '{string.Join(' ', path)}'. Run 'orchard help' for a list.");
        }
    }
}
