using System.CommandLine;
using Orchard.Cli.Launch;
using Orchard.Cli.Terminals;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard launch CLIENT</c>.</summary>
internal static class LaunchCommand
{
    private const string Starter = "starter";

    public static Command Create(CommandHost host)
    {
        string[] names = [.. ClientSetups.All.Select(setup => setup.Name)];
        var client = new Argument<string>("client") { Description = $"The program: {string.Join(", ", names)}" };
        client.AcceptOnlyFromAmong(names);
        var model = new Option<string>("--model") { Description = "The model", HelpName = "MODEL", DefaultValueFactory = _ => Starter };
        var url = new Option<string>("--url")
        {
            Description = "Address of the server",
            HelpName = "URL",
            DefaultValueFactory = _ => ServerAddress.Default,
        };
        var key = new Option<string?>("--api-key") { Description = "Key of the server, if it asks for one", HelpName = "KEY" };
        var write = new Option<bool>("--write")
        {
            Description = "Write the settings to the program's file, after a question, instead of printing them",
        };
        var yes = new Option<bool>("--yes", "-y") { Description = "With --write: do not ask" };
        var command = new DocumentedCommand("launch", "Print or write the settings with which another program uses Orchard's server")
        {
            Examples = "orchard launch codex --model Qwen/Qwen3-0.6B-GGUF\norchard launch claude --write\neval \"$(orchard launch env)\"",
        };
        command.Add(client);
        command.Add(model);
        command.Add(url);
        command.Add(key);
        command.Add(write);
        command.Add(yes);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            ClientSetup setup = ClientSetups.All.Single(known => known.Name == arguments.GetRequiredValue(client));
            var target = new LaunchTarget
            {
                Url = ParseUrl(arguments.GetRequiredValue(url)),
                Model = arguments.GetRequiredValue(model),
                ApiKey = arguments.GetValue(key),
            };
            if (setup.HasLongPrompts && target.Model == Starter)
            {
                host.Terminal.Note(
                    $"The prompts of {setup.Name} have thousands of tokens, too many for the starter model. Name another with --model.");
            }

            if (setup.HasContextLength)
            {
                target = await WithContextLengthAsync(host.Terminal, setup, target, cancellationToken).ConfigureAwait(false);
            }

            return arguments.GetValue(write)
                ? Write(host.Terminal, setup, target, arguments.GetValue(yes))
                : Print(host.Terminal, setup, target);
        });
        return command;
    }

    private static async Task<LaunchTarget> WithContextLengthAsync(
        Terminal terminal, ClientSetup setup, LaunchTarget target, CancellationToken cancellationToken)
    {
        int? length = await ContextLengthQuery.AskAsync(
            target, () => terminal.Note($"The server loads {target.Model}, to learn its context length."), cancellationToken)
            .ConfigureAwait(false);
        if (length is null)
        {
            terminal.Note(
                $"No server at {target.Url} says how long the context of {target.Model} is, so the settings lack it, and {setup.Name} may "
                + "send too long prompts. Start the server (orchard serve), then repeat this command.");
        }

        return target with { ContextLength = length };
    }

    private static string ParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            ? url.GetLeftPart(UriPartial.Path).TrimEnd('/')
            : throw new UsageException($"'{text}' is not an http or https URL.");

    private static int Print(Terminal terminal, ClientSetup setup, LaunchTarget target)
    {
        if (setup.File is not null)
        {
            terminal.Note($"Settings for {PathOf(setup)}:");
        }

        terminal.Out.WriteLine(setup.Settings(target));
        if (setup.Start is { } start)
        {
            terminal.Note($"Then start: {start(target)}");
        }

        return ExitCodes.Success;
    }

    private static int Write(Terminal terminal, ClientSetup setup, LaunchTarget target, bool isAgreed)
    {
        if (!setup.CanWrite)
        {
            throw new UsageException($"The settings of {setup.Name} are not written to a file. Leave out --write, and they are printed.");
        }

        string path = PathOf(setup);
        string settings = setup.Settings(target);
        string content = SettingsFile.Merge(setup, settings, path);
        if (!isAgreed && !IsAgreed(terminal, settings, path))
        {
            terminal.Note("Nothing was changed.");
            return ExitCodes.Failure;
        }

        SettingsFile.Write(path, content);
        terminal.Note($"Changed {path}; what was there before, if anything, is in {path}{SettingsFile.BackupSuffix}.");
        if (setup.Start is { } start)
        {
            terminal.Note($"Start: {start(target)}");
        }

        return ExitCodes.Success;
    }

    private static bool IsAgreed(Terminal terminal, string settings, string path)
    {
        if (!terminal.IsInteractive)
        {
            throw new UsageException($"'{path}' is only changed after a question, which needs a terminal, or with --yes.");
        }

        terminal.Note(settings);
        terminal.Error.Write($"Put these settings into {path}? [y/N] ");
        return terminal.In.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    private static string PathOf(ClientSetup setup)
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0
            ? Path.Combine(home, setup.File!.Replace('/', Path.DirectorySeparatorChar))
            : throw new UsageException("There is no home directory, in which the settings would be.");
    }
}
