namespace Orchard.Cli.Terminals;

/// <summary>The keyboard of this process.</summary>
internal sealed class ProcessKeyboard : IKeyboard
{
    private const int DefaultColumns = 80;

    public int Columns => Console.WindowWidth is > 0 and var width ? width : DefaultColumns;

    public ConsoleKeyInfo ReadKey() => Console.ReadKey(intercept: true);
}
