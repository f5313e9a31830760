namespace Orchard.Cli.Terminals;

/// <summary>Reads the keys that a person presses.</summary>
internal interface IKeyboard
{
    /// <summary>Waits for a key. Cannot be cancelled: the caller abandons it.</summary>
    ConsoleKeyInfo ReadKey();

    /// <summary>Number of columns of the terminal.</summary>
    int Columns { get; }
}
