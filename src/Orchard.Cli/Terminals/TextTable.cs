using Spectre.Console;

namespace Orchard.Cli.Terminals;

/// <summary>Tables without borders, so that other programs can read them, too.</summary>
internal static class TextTable
{
    /// <summary>Writes a table with a row of headings.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="headings">The headings. One that begins with <c>&gt;</c> aligns its column to the right.</param>
    /// <param name="rows">The cells of each row.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<string> headings, IEnumerable<string[]> rows)
    {
        Table table = new Table().NoBorder();
        foreach (string heading in headings)
        {
            bool isRight = heading.StartsWith('>');
            var column = new TableColumn(new Text(heading.TrimStart('>'))) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) };
            table.AddColumn(isRight ? column.RightAligned() : column);
        }

        foreach (string[] row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        console.Write(table);
    }

    /// <summary>Writes names and values in two columns. Values that are null are left out.</summary>
    public static void WriteProperties(IAnsiConsole console, IEnumerable<(string Name, string? Value)> properties)
    {
        Table table = new Table().NoBorder().HideHeaders();
        table.AddColumn(new TableColumn("") { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        table.AddColumn(new TableColumn("") { Padding = new Padding(0, 0, 0, 0) });
        foreach ((string name, string? value) in properties)
        {
            if (value is not null)
            {
                table.AddRow(new Text(name), new Text(value));
            }
        }

        console.Write(table);
    }
}
