using System.CommandLine;
using Orchard.Cli.Doctor;
using Orchard.Cli.Output;
using Orchard.Cli.Terminals;
using Spectre.Console;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard doctor</c>.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommandHost host)
    {
        var noNetwork = new Option<bool>("--no-network") { Description = "Do not ask the hub" };
        var noTrial = new Option<bool>("--no-trial") { Description = "Do not start an engine and load the starter model" };
        var verify = new Option<bool>("--verify-models") { Description = "Compare the whole content of stored models with their digests" };
        Option<bool> json = CommandHost.Json();
        var command = new DocumentedCommand(
            "doctor", "Examine devices, libraries, permissions, the cache and versions; say what is wrong and what to do")
        {
            Examples = "orchard doctor\norchard doctor --verify-models",
        };
        command.Add(noNetwork);
        command.Add(noTrial);
        command.Add(verify);
        command.Add(json);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var context = new DoctorContext
            {
                Options = host.CreateOptions(arguments),
                UseNetwork = !arguments.GetValue(noNetwork),
                RunTrial = !arguments.GetValue(noTrial),
                VerifyModels = arguments.GetValue(verify),
            };
            DoctorReport report = await Examination.RunAsync(context, cancellationToken).ConfigureAwait(false);
            if (arguments.GetValue(json))
            {
                host.WriteJson(report, CliJson.Readable.DoctorReport);
            }
            else
            {
                Write(host.Terminal, report);
            }

            return report.Problems == 0 ? ExitCodes.Success : ExitCodes.ProblemsFound;
        });
        return command;
    }

    private static void Write(Terminal terminal, DoctorReport report)
    {
        foreach (Finding finding in report.Findings)
        {
            (string mark, string color) = finding.Severity switch
            {
                Severity.Ok => ("ok     ", "green"),
                Severity.Note => ("note   ", "grey"),
                Severity.Warning => ("warning", "yellow"),
                _ => ("PROBLEM", "red"),
            };
            terminal.Screen.MarkupLineInterpolated($"[{color}]{mark}[/] {finding.Subject}: {finding.Message}");
            if (finding.Remedy is not null)
            {
                terminal.Screen.MarkupLineInterpolated($"        {finding.Remedy}");
            }
        }

        terminal.Out.WriteLine(report.Problems switch
        {
            0 => "No problems found.",
            1 => "1 problem found.",
            _ => $"{report.Problems} problems found.",
        });
    }
}
