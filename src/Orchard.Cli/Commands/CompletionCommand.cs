using System.CommandLine;

namespace Orchard.Cli.Commands;

/// <summary><c>orchard completion bash|zsh|fish|pwsh</c>. The scripts ask the command itself what can follow.</summary>
internal static class CompletionCommand
{
    private const string Bash =
        """
        _orchard_complete() {
          local IFS=$'\n'
          COMPREPLY=($(orchard "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null))
        }
        complete -o default -F _orchard_complete orchard
        """;

    private const string Zsh =
        """
        #compdef orchard
        _orchard_complete() {
          local -a suggestions
          suggestions=("${(@f)$(orchard "[suggest:${#BUFFER}]" "${BUFFER}" 2>/dev/null)}")
          compadd -- "${suggestions[@]}"
        }
        compdef _orchard_complete orchard
        """;

    private const string Fish =
        """
        complete -c orchard -f -a '(orchard "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
        """;

    private const string PowerShell =
        """
        Register-ArgumentCompleter -Native -CommandName orchard -ScriptBlock {
          param($wordToComplete, $commandAst, $cursorPosition)
          orchard "[suggest:$cursorPosition]" "$commandAst" 2>$null | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
          }
        }
        """;

    public static Command Create(CommandHost host)
    {
        Argument<string> shell = new("shell") { Description = "bash, zsh, fish or pwsh" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        var command = new DocumentedCommand("completion", "Print a script that completes command lines of orchard in a shell")
        {
            Examples = "orchard completion bash >> ~/.bashrc\norchard completion fish > ~/.config/fish/completions/orchard.fish",
        };
        command.Add(shell);
        command.SetAction(arguments => host.Terminal.Out.WriteLine(arguments.GetRequiredValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            _ => PowerShell,
        }));
        return command;
    }
}
