using System.CommandLine;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard version</c>: what <c>--version</c> prints.</summary>
internal static class VersionCommand
{
    public static Command Create(RootCommand root)
    {
        var command = new DocumentedCommand("version", "Print the version of orchard, as the option --version does")
        {
            Examples = "orchard version",
        };
        command.SetAction(arguments => root.Parse(["--version"]).Invoke(arguments.InvocationConfiguration));
        return command;
    }
}
