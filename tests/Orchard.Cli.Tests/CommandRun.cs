using System.Text.Json;
using Orchard.Cli.Terminals;
using Orchard.TestSupport;

namespace Orchard.Cli.Tests;

/// <summary>What a command did: its exit code, and what it wrote.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>Runs a command in this process, with something piped into it.</summary>
    public static Task<CommandRun> StartAsync(string piped, params string[] arguments) =>
        StartAsync(new StringReader(piped), isPiped: true, arguments);

    /// <summary>Runs a command in this process, with lines that a person types.</summary>
    public static Task<CommandRun> StartAsync(string[] typed, params string[] arguments) =>
        StartAsync(new StringReader(string.Join('\n', typed)), isPiped: false, arguments);

    private static async Task<CommandRun> StartAsync(TextReader input, bool isPiped, string[] arguments)
    {
        using var interrupts = new Interrupts();
        (StringWriter output, StringWriter error) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal
        {
            In = input,
            Out = TextWriter.Synchronized(output),
            Error = TextWriter.Synchronized(error),
            IsInputRedirected = isPiped,
            IsOutputRedirected = true,
            IsErrorRedirected = true,
            Interrupts = interrupts,
        };
        int code = await OrchardCommand.RunAsync(arguments, terminal).OrBroken($"the end of orchard {string.Join(' ', arguments)}");
        return new CommandRun(code, output.ToString(), error.ToString());
    }
}
