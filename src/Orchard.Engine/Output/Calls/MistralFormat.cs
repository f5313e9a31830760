using Orchard.Engine.Output.Items;
using Orchard.Grammars.Json;
using Orchard.Grammars.Nodes;

namespace Orchard.Engine.Output.Calls;

/// <summary>A marker before a JSON list of calls (older Mistral models), or before each name with its arguments (newer ones).</summary>
internal sealed class MistralFormat(string start) : CallFormat
{
    /// <summary>The marker if the request does not specify one.</summary>
    public const string DefaultStart = "[TOOL_CALLS]";

    /// <summary>Separates name and arguments in the newer form.</summary>
    private const string Separator = "[ARGS]";

    public override IReadOnlyList<string> Markers { get; } = [start];

    public override IReadOnlyList<string> ControlTexts { get; } = [start, Separator];

    public override CallReader Read(string marker, ToolSet tools, IOutputItems items) => new EitherCalls(tools, items);

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

    // The first character determines which of the two forms it is.
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
