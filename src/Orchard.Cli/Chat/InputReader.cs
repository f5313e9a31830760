using System.Text;
using Orchard.Cli.Terminals;

namespace Orchard.Cli.Chat;

/// <summary>
/// Reads what the user says, which may have several lines: a line that ends with a backslash goes on, and everything between two lines of
/// three quotation marks belongs together.
/// </summary>
internal sealed class InputReader
{
    private const string FirstPrompt = ">>> ";
    private const string NextPrompt = "... ";
    private const string Block = "\"\"\"";

    private readonly Terminal _terminal;
    private readonly LineEditor? _editor;

    public InputReader(Terminal terminal)
    {
        _terminal = terminal;
        _editor = terminal.Keyboard is null ? null : new LineEditor(terminal.Keyboard, terminal.Error);
    }

    /// <summary>Returns the next input; null when the user wants to leave.</summary>
    public async Task<string?> ReadAsync()
    {
        string? line = await ReadLineAsync(FirstPrompt).ConfigureAwait(false);
        if (line is null)
        {
            return null;
        }

        return line.TrimStart().StartsWith(Block, StringComparison.Ordinal)
            ? await ReadBlockAsync(line.TrimStart()[Block.Length..]).ConfigureAwait(false)
            : await ReadContinuedAsync(line).ConfigureAwait(false);
    }

    private async Task<string?> ReadBlockAsync(string line)
    {
        var text = new StringBuilder();
        while (true)
        {
            int end = line.IndexOf(Block, StringComparison.Ordinal);
            if (end >= 0)
            {
                return text.Append(line, 0, end).ToString().Trim('\n');
            }

            text.Append(line).Append('\n');
            string? next = await ReadLineAsync(NextPrompt).ConfigureAwait(false);
            if (next is null)
            {
                return text.ToString().Trim('\n');
            }

            line = next;
        }
    }

    private async Task<string?> ReadContinuedAsync(string line)
    {
        var text = new StringBuilder();
        while (line.EndsWith('\\'))
        {
            text.Append(line, 0, line.Length - 1).Append('\n');
            line = await ReadLineAsync(NextPrompt).ConfigureAwait(false) ?? "";
        }

        return text.Append(line).ToString();
    }

    private async Task<string?> ReadLineAsync(string prompt)
    {
        try
        {
            // Reading from a terminal cannot be cancelled: after Ctrl+C, the pending read ends with the process.
            return await Task.Run(() => ReadLine(prompt)).WaitAsync(_terminal.Interrupts.Leave).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _terminal.Note("");
            return null;
        }
    }

    private string? ReadLine(string prompt)
    {
        if (_editor is not null)
        {
            return _editor.ReadLine(prompt);
        }

        _terminal.Error.Write(prompt);
        return _terminal.In.ReadLine();
    }
}
