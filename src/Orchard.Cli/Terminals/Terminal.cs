using Spectre.Console;

namespace Orchard.Cli.Terminals;

/// <summary>
/// Where a command reads and writes: results on standard output, everything else on standard error, so that results can be piped.
/// </summary>
internal sealed class Terminal
{
    // Wide enough that nothing is wrapped where no person reads it.
    private const int UnlimitedWidth = 10_000;

    public required TextReader In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public required bool IsInputRedirected { get; init; }

    public required bool IsOutputRedirected { get; init; }

    public required bool IsErrorRedirected { get; init; }

    /// <summary>The presses of Ctrl+C.</summary>
    public Interrupts Interrupts { get; init; } = new();

    /// <summary>Reads keys where a person types them; null where lines are read from <see cref="In"/>.</summary>
    public IKeyboard? Keyboard { get; init; }

    /// <summary>Whether a person is at both ends: questions can be asked.</summary>
    public bool IsInteractive => !IsInputRedirected && !IsErrorRedirected;

    /// <summary>Standard output, for tables.</summary>
    public IAnsiConsole Screen => field ??= CreateConsole(Out, IsOutputRedirected);

    /// <summary>Standard error, for progress.</summary>
    public IAnsiConsole Notes => field ??= CreateConsole(Error, IsErrorRedirected);

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess() => new()
    {
        In = Console.In,
        Out = Console.Out,
        Error = Console.Error,
        IsInputRedirected = Console.IsInputRedirected,
        IsOutputRedirected = Console.IsOutputRedirected,
        IsErrorRedirected = Console.IsErrorRedirected,
        Interrupts = Interrupts.OfProcess(),
        Keyboard = Console.IsInputRedirected || Console.IsErrorRedirected ? null : new ProcessKeyboard(),
    };

    /// <summary>Writes a line for the person at the terminal.</summary>
    public void Note(string text) => Error.WriteLine(text);

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isRedirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected)
        {
            console.Profile.Width = UnlimitedWidth;
        }

        return console;
    }
}
