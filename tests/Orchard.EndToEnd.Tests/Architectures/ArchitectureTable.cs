using System.Text;

namespace Orchard.EndToEnd.Tests.Architectures;

/// <summary>The cells of all architectures that were tested. Thread-safe.</summary>
internal sealed class ArchitectureTable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, IReadOnlyList<Cell>> _rows = new(StringComparer.Ordinal);

    public void Add(string architecture, IReadOnlyList<Cell> cells)
    {
        lock (_gate)
        {
            _rows[architecture] = cells;
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            var text = new StringBuilder();
            IReadOnlyList<Cell> header = _rows.Values.FirstOrDefault() ?? [];
            text.Append("architecture".PadRight(18)).AppendJoin(' ', header.Select(static cell => cell.Name.PadRight(9))).AppendLine();
            foreach ((string architecture, IReadOnlyList<Cell> cells) in _rows)
            {
                text.Append(architecture.PadRight(18)).AppendJoin(' ', cells.Select(static cell => cell.Mark.PadRight(9))).AppendLine();
            }

            foreach ((string architecture, IReadOnlyList<Cell> cells) in _rows)
            {
                foreach (Cell cell in cells.Where(static cell => cell.Detail is not null))
                {
                    text.AppendLine($"{architecture} {cell.Name}: {cell.Detail}");
                }
            }

            return text.ToString();
        }
    }
}

/// <summary>What one architecture did in one respect.</summary>
/// <param name="Name">The respect.</param>
/// <param name="Mark"><c>ok</c>, <c>refused</c> with a typed error, or <c>WRONG</c>.</param>
/// <param name="Detail">The error; null if it was right.</param>
internal sealed record Cell(string Name, string Mark, string? Detail = null)
{
    public const string Wrong = "WRONG";
}
