using Orchard.Engine.Output.Items;
using Orchard.Grammars.Nodes;

namespace Orchard.Engine.Output.Calls;

/// <summary>A message that is a JSON call, with or without a marker before it (Llama 3).</summary>
internal sealed class BareJsonFormat(string start) : CallFormat
{
    private const string Object = "{";

    private readonly string[] _markers = start.Length > 0 ? [start] : [];

    public override IReadOnlyList<string> Markers { get; } = start.Length > 0 ? [start, Object] : [Object];

    public override IReadOnlyList<string> ControlTexts => _markers;

    public override bool IsOnlyFirst(string marker) => marker == Object;

    public override CallReader Read(string marker, ToolSet tools, IOutputItems items)
    {
        var calls = new ListedCalls(() => new JsonCallBody(tools, items), hasBrackets: false);
        if (marker == Object)
        {
            calls.Read('{');
            calls.Unread.Clear(); // the marker is this character itself
        }

        return calls;
    }

    public override GrammarNode Calls(CallRule rule) => start.Length > 0
        ? GrammarNode.Sequence(GrammarNode.Optional(GrammarNode.Literal(start)), List(rule))
        : List(rule);

    // A JSON object that is not a call is an ordinary message.
    public override GrammarNode Message(CallRule rule)
    {
        string[] prefixes = [.. rule.Tools.Tools.SelectMany(tool => JsonCallBody.Prefixes(tool))];
        GrammarNode calls = List(rule);
        var options = new List<GrammarNode> { calls, GrammarNode.Without(_markers, prefixes) };
        if (start.Length > 0)
        {
            options.Add(GrammarNode.Sequence(GrammarNode.Until(_markers, prefixes), calls, GrammarNode.Without(_markers)));
        }

        return GrammarNode.Choice(options);
    }

    private static GrammarRule List(CallRule rule) => new("calls")
    {
        Body = rule.List(
            CallGrammar.OneOf(rule.Tools, tool => JsonCallBody.Texts(tool, "parameters")),
            GrammarNode.Sequence(GrammarNode.Literal(";"), CallGrammar.White)),
    };
}
