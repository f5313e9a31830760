using System.Text;
using Orchard.Engine.Output.Items;
using Orchard.Engine.Output.Scanning;
using Orchard.Grammars.Characters;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Engine.Output.Calls;

/// <summary>
/// A call as XML-like elements: <c>&lt;function=NAME&gt;</c> with one <c>&lt;parameter=NAME&gt;</c> per argument. A value is text if the
/// tool's schema does not allow it as another JSON value, or if it is not valid JSON.
/// </summary>
internal sealed class XmlCallBody(ToolSet tools, IOutputItems items) : CallBody
{
    private const string FunctionStart = "<function=";
    private const string FunctionEnd = "</function>";
    private const string ParameterStart = "<parameter=";
    private const string ParameterEnd = "</parameter>";

    private readonly StringBuilder _text = new();
    private ToolSchema? _tool;
    private string? _parameter;
    private bool _hasArguments;

    /// <summary>Returns the grammar of calls of a tool.</summary>
    /// <exception cref="SchemaException">The arguments cannot be expressed in this format, and must be.</exception>
    public static GrammarNode Texts(ToolSchema tool) => GrammarNode.Sequence(
        GrammarNode.Literal($"{FunctionStart}{tool.Name}>"),
        CallGrammar.White,
        tool.Parameters is { } schema
            && tool.Compile(gaps => Elements(SchemaCompiler.CompileEach(schema, ParameterEnd, gaps), gaps)) is { } elements
            ? elements
            : AnyElements(),
        GrammarNode.Literal(FunctionEnd));

    private static GrammarNode Elements(IReadOnlyList<ArgumentTexts> arguments, SchemaGaps gaps)
    {
        var elements = new List<GrammarNode>();
        foreach (ArgumentTexts argument in arguments)
        {
            if (argument.Name.Trim() != argument.Name || argument.Name.AsSpan().ContainsAny('>', '\n'))
            {
                gaps.Add(new SchemaException(
                    "/properties", null, $"the name '{argument.Name}' cannot be expressed in the model's tool call format."));
                continue;
            }

            GrammarNode element = Element(GrammarNode.Literal(argument.Name), argument.Texts);
            elements.Add(argument.IsRequired ? element : GrammarNode.Optional(element));
        }

        return GrammarNode.Sequence(elements);
    }

    private static GrammarNode AnyElements()
    {
        GrammarNode letter = GrammarNode.Characters(CodePointSet.Of(('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_')));
        GrammarNode name = GrammarNode.Repeat(letter, 1, 64);
        GrammarNode element = Element(GrammarNode.Key(name), SchemaCompiler.AnyArgument(ParameterEnd));
        return GrammarNode.Object(GrammarNode.Repeat(element, 0));
    }

    private static GrammarNode Element(GrammarNode name, GrammarNode texts) => GrammarNode.Sequence(
        GrammarNode.Literal(ParameterStart),
        name,
        GrammarNode.Literal(">\n"),
        texts,
        GrammarNode.Literal($"\n{ParameterEnd}"),
        CallGrammar.White);

    public override CallProgress Read(char character)
    {
        _text.Append(character);
        if (_parameter is not null)
        {
            return Ends(ParameterEnd) ? EndParameter() : CallProgress.More;
        }

        string text = _text.ToString().TrimStart();
        if (_tool is null)
        {
            return character == '>' && text.StartsWith(FunctionStart, StringComparison.Ordinal)
                ? Begin(text[FunctionStart.Length..^1].Trim())
                : PartialMatch.MayStartWith(text, FunctionStart) && _text.Length <= MaxBeforeName ? CallProgress.More
                : CallProgress.Stop;
        }

        if (text == FunctionEnd)
        {
            items.Arguments(_hasArguments ? "}" : "{}");
            items.EndCall();
            return CallProgress.Done;
        }

        if (character == '>' && text.StartsWith(ParameterStart, StringComparison.Ordinal))
        {
            _parameter = text[ParameterStart.Length..^1].Trim();
            _text.Clear();
            return CallProgress.More;
        }

        if (PartialMatch.MayStartWith(text, ParameterStart) || FunctionEnd.StartsWith(text, StringComparison.Ordinal))
        {
            return CallProgress.More;
        }

        items.EndCall();
        return CallProgress.Stop;
    }

    private bool Ends(string end)
    {
        if (_text.Length < end.Length)
        {
            return false;
        }

        for (int i = 1; i <= end.Length; i++)
        {
            if (_text[^i] != end[^i])
            {
                return false;
            }
        }

        return true;
    }

    private CallProgress Begin(string name)
    {
        if (!tools.TryGet(name, out _tool))
        {
            return CallProgress.Stop;
        }

        HasBegun = true;
        _text.Clear();
        items.BeginCall(name);
        return CallProgress.More;
    }

    private CallProgress EndParameter()
    {
        string value = _text.ToString(0, _text.Length - ParameterEnd.Length);
        value = value.StartsWith('\n') ? value[1..] : value;
        value = value.EndsWith('\n') ? value[..^1] : value;
        string json = _tool!.ReadText(_parameter!, value);
        items.Arguments($"{(_hasArguments ? ", " : "{")}{JsonGrammar.Quote(_parameter!)}: {json}");
        _hasArguments = true;
        _parameter = null;
        _text.Clear();
        return CallProgress.More;
    }
}
