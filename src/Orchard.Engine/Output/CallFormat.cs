using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Output;

/// <summary>
/// A model family's way to write calls of tools: which marks begin them, how what follows is read, and what it may be. Immutable.
/// </summary>
internal abstract class CallFormat
{
    /// <summary>What begins calls.</summary>
    public abstract IReadOnlyList<string> Marks { get; }

    /// <summary>Control tokens that are part of a call, by their text.</summary>
    public virtual IReadOnlyList<string> ControlTexts => Marks;

    /// <summary>Whether a mark counts only where the message begins.</summary>
    public virtual bool IsOnlyFirst(string mark) => false;

    /// <summary>Reads what follows a mark.</summary>
    public abstract CallReader Read(string mark, ToolSet tools, IOutputItems items);

    /// <summary>Messages that are nothing but calls.</summary>
    /// <exception cref="SchemaException">A tool's schema cannot be enforced.</exception>
    public abstract GrammarNode Calls(CallRule rule);

    /// <summary>Messages of any text, but what begins like a call is one.</summary>
    /// <exception cref="SchemaException">A tool's schema cannot be enforced.</exception>
    public abstract GrammarNode Message(CallRule rule);

    /// <summary>The format that a request names; null when it names none. One this engine does not know is taken by its marks alone.</summary>
    public static CallFormat? Find(ToolCallingTokens tokens)
    {
        if (tokens.Formats is not [ToolCallFormat format, ..])
        {
            return null;
        }

        string start = format.CallStart.Trim();
        string end = format.CallEnd.Trim();
        return format.Name switch
        {
            ToolCallDialects.Llama3Json => new BareJsonFormat(start),
            ToolCallDialects.Mistral => new MistralFormat(start.Length > 0 ? start : "[TOOL_CALLS]"),
            ToolCallDialects.Functionary => new FunctionaryFormat(),
            _ when start.Length > 0 => new TagFormat(start, end, isXml: format.Name == ToolCallDialects.QwenXml),
            _ => null,
        };
    }
}

/// <summary>Each call begins with the mark, wherever it stands in the message.</summary>
internal abstract class MarkedFormat(string start) : CallFormat
{
    public string Start => start;

    public override IReadOnlyList<string> Marks { get; } = [start];

    public override GrammarNode Calls(CallRule rule) => rule.List(GrammarNode.Sequence(GrammarNode.Literal(start), Rest(rule.Tools)), CallGrammar.White);

    public override GrammarNode Message(CallRule rule)
    {
        GrammarNode next = GrammarNode.Sequence(GrammarNode.Until(start), Rest(rule.Tools));
        return GrammarNode.Choice(
            GrammarNode.Without(start),
            GrammarNode.Sequence(GrammarNode.Repeat(next, rule.Min, rule.Max), GrammarNode.Without(start)));
    }

    /// <summary>A call from behind its mark to its end.</summary>
    protected abstract GrammarNode Rest(ToolSet tools);
}

/// <summary>JSON between two tags, as Hermes and Qwen write it, or elements between them, as Qwen's coders do.</summary>
internal sealed class TagFormat(string start, string end, bool isXml) : MarkedFormat(start)
{
    public override IReadOnlyList<string> ControlTexts { get; } = end.Length > 0 ? [start, end] : [start];

    // A model may have learnt the other form than its template shows.
    public override CallReader Read(string mark, ToolSet tools, IOutputItems items) =>
        new TaggedCall(first => first switch
        {
            '{' => new JsonCallBody(tools, items),
            '<' => new XmlCallBody(tools, items),
            _ => null,
        }, end);

    protected override GrammarNode Rest(ToolSet tools) => GrammarNode.Sequence(
        CallGrammar.White,
        CallGrammar.OneOf(tools, tool => isXml ? XmlCallBody.Texts(tool) : JsonCallBody.Texts(tool, "arguments")),
        CallGrammar.White,
        GrammarNode.Literal(end));
}

/// <summary>The message is the call, as JSON, with or without a mark before it: Llama 3.</summary>
internal sealed class BareJsonFormat(string start) : CallFormat
{
    private const string Object = "{";

    private readonly string[] _marks = start.Length > 0 ? [start] : [];

    public override IReadOnlyList<string> Marks { get; } = start.Length > 0 ? [start, Object] : [Object];

    public override IReadOnlyList<string> ControlTexts => _marks;

    public override bool IsOnlyFirst(string mark) => mark == Object;

    public override CallReader Read(string mark, ToolSet tools, IOutputItems items)
    {
        var calls = new ListedCalls(() => new JsonCallBody(tools, items), hasBrackets: false);
        if (mark == Object)
        {
            calls.Read('{');
            calls.Unread.Clear(); // the mark is it
        }

        return calls;
    }

    public override GrammarNode Calls(CallRule rule) => start.Length > 0
        ? GrammarNode.Sequence(GrammarNode.Optional(GrammarNode.Literal(start)), List(rule))
        : List(rule);

    // An object that is no call of a tool is an answer like another.
    public override GrammarNode Message(CallRule rule)
    {
        string[] beginnings = [.. rule.Tools.Tools.SelectMany(tool => JsonCallBody.Beginnings(tool))];
        GrammarNode calls = List(rule);
        var options = new List<GrammarNode> { calls, GrammarNode.Without(_marks, beginnings) };
        if (start.Length > 0)
        {
            options.Add(GrammarNode.Sequence(GrammarNode.Until(_marks, beginnings), calls, GrammarNode.Without(_marks)));
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

/// <summary>A mark, then a list of JSON calls, or a name and its arguments: Mistral, older and newer.</summary>
internal sealed class MistralFormat(string start) : CallFormat
{
    /// <summary>Between name and arguments in the newer form.</summary>
    private const string Separator = "[ARGS]";

    public override IReadOnlyList<string> Marks { get; } = [start];

    public override IReadOnlyList<string> ControlTexts { get; } = [start, Separator];

    public override CallReader Read(string mark, ToolSet tools, IOutputItems items) => new EitherCalls(tools, items);

    public override GrammarNode Calls(CallRule rule) => GrammarNode.Sequence(GrammarNode.Literal(start), Rest(rule));

    public override GrammarNode Message(CallRule rule) => GrammarNode.Choice(
        GrammarNode.Without(start), GrammarNode.Sequence(GrammarNode.Until(start), Rest(rule), GrammarNode.Without(start)));

    private GrammarNode Rest(CallRule rule)
    {
        GrammarNode listed = rule.List(CallGrammar.OneOf(rule.Tools, tool => JsonCallBody.Texts(tool, "arguments")), JsonGrammar.Comma);
        GrammarNode named = CallGrammar.OneOf(rule.Tools, tool => NamedCallBody.Texts(tool, Separator));
        return GrammarNode.Choice(
            GrammarNode.Sequence(CallGrammar.White, GrammarNode.Literal("["), listed, GrammarNode.Literal("]")),
            rule.List(named, GrammarNode.Literal(start)));
    }

    // Which of the two forms it is shows in the first character.
    private sealed class EitherCalls(ToolSet tools, IOutputItems items) : CallReader
    {
        private CallReader? _form;
        private string _leading = "";

        public override CallProgress Read(char character)
        {
            if (_form is null && char.IsWhiteSpace(character))
            {
                _leading += character;
                return Keep(character);
            }

            _form ??= character == '['
                ? new ListedCalls(() => new JsonCallBody(tools, items), hasBrackets: true)
                : new TaggedCall(_ => new NamedCallBody(tools, items, Separator), end: "");
            CallProgress progress = _form.Read(character);
            Follow(_form, _leading);
            return progress;
        }
    }
}

/// <summary>An element with the name in it and JSON between its tags: Functionary, and Llama when asked to.</summary>
internal sealed class FunctionaryFormat() : MarkedFormat("<function=")
{
    private const string End = "</function>";

    public override CallReader Read(string mark, ToolSet tools, IOutputItems items) =>
        new TaggedCall(_ => new NamedCallBody(tools, items, ">"), End);

    protected override GrammarNode Rest(ToolSet tools) => GrammarNode.Sequence(
        CallGrammar.OneOf(tools, tool => NamedCallBody.Texts(tool, ">")), CallGrammar.White, GrammarNode.Literal(End));
}
