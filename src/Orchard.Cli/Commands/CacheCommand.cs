using System.CommandLine;
using Orchard.Cli.Output;
using Orchard.Cli.Terminals;
using Orchard.Protocol;
using Orchard.Protocol.Files;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard cache</c> and <c>orchard cache clear</c>.</summary>
internal static class CacheCommand
{
    public static Command Create(CommandHost host)
    {
        Option<bool> json = CommandHost.Json();
        json.Recursive = true;
        var command = new DocumentedCommand("cache", "Show how much disk space is taken by prompts and answers that the engine keeps")
        {
            Examples = "orchard cache\norchard stop && orchard cache clear",
        };
        command.Add(json);
        command.SetAction(arguments => Run(host, arguments, json, isCleared: false));

        var clear = new Command("clear", "Delete them. What an engine has in memory, it may write again; stop it before");
        clear.SetAction(arguments => Run(host, arguments, json, isCleared: true));
        command.Add(clear);
        return command;
    }

    private static int Run(CommandHost host, ParseResult arguments, Option<bool> json, bool isCleared)
    {
        string folder = Client.ResolveRoot(host.CreateOptions(arguments)).PrefixFolder;
        IReadOnlyList<FileInfo> files = PrefixFiles.List(folder);
        var output = new CacheOutput { Path = folder, Files = files.Count, Bytes = files.Sum(static file => file.Length) };
        if (isCleared)
        {
            PrefixFiles.Clear(folder);
        }

        if (arguments.GetValue(json))
        {
            host.WriteJson(output, CliJson.Readable.CacheOutput);
        }
        else
        {
            string size = $"{output.Files} files with {Quantities.Bytes(output.Bytes)}";
            host.Terminal.Out.WriteLine(isCleared ? $"Deleted {size}." : $"{size} of prompts and answers in {folder}");
        }

        return ExitCodes.Success;
    }
}
