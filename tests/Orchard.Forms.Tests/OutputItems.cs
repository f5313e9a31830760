using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchard.Engine.Output;
using Orchard.Engine.Output.Items;

namespace Orchard.Forms.Tests;

/// <summary>What the engine's parser found in an output, item by item; arguments as compact JSON.</summary>
internal sealed class OutputItems : IOutputItems
{
    private readonly List<string> _items = [];
    private readonly StringBuilder _text = new();
    private string _kind = "";

    /// <summary>Parses an output in pieces of a length.</summary>
    public static IReadOnlyList<string> In(string output, OutputSyntax? syntax, int length)
    {
        if (syntax is null)
        {
            return [$"text {output}"];
        }

        var items = new OutputItems();
        OutputParser parser = OutputParsers.Create(syntax, items);
        for (int at = 0; at < output.Length; at += length)
        {
            parser.Append(output.AsSpan(at, Math.Min(length, output.Length - at)));
        }

        parser.Complete();
        items.End(isComplete: false);
        return items._items;
    }

    /// <summary>Returns a call as it is in the items.</summary>
    public static string Call(string name, string arguments) => $"call {name} {JsonNode.Parse(arguments)!.ToJsonString()}";

    public void Text(ReadOnlySpan<char> piece) => Add("text", piece);

    public void Reasoning(ReadOnlySpan<char> piece) => Add("reasoning", piece);

    public void BeginCall(string name)
    {
        End(isComplete: false);
        _kind = $"call {name}";
    }

    public void Arguments(ReadOnlySpan<char> piece) => _text.Append(piece);

    public void EndCall() => End(isComplete: true);

    private void Add(string kind, ReadOnlySpan<char> piece)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        if (_kind != kind)
        {
            End(isComplete: false);
            _kind = kind;
        }

        _text.Append(piece);
    }

    // A call may end before its arguments.
    private static bool IsJson(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void End(bool isComplete)
    {
        if (_kind.Length > 0)
        {
            string text = _text.ToString();
            _items.Add($"{_kind} {(isComplete && IsJson(text) ? JsonNode.Parse(text)!.ToJsonString() : text)}");
        }

        _kind = "";
        _text.Clear();
    }
}
