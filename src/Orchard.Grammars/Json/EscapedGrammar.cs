using System.Text;
using Orchard.Grammars.Nodes;

namespace Orchard.Grammars.Json;

/// <summary>Puts the texts of a grammar into JSON strings: quotes, backslashes and control characters are written with escapes.</summary>
internal sealed class EscapedGrammar
{
    private readonly Dictionary<GrammarNode, GrammarNode> _escaped = new(ReferenceEqualityComparer.Instance);

    private EscapedGrammar()
    {
    }

    /// <summary>Returns the JSON strings that contain the texts of a grammar.</summary>
    /// <param name="texts">The grammar. It must have no free text.</param>
    public static GrammarNode Quote(GrammarNode texts) =>
        GrammarNode.Sequence(GrammarNode.Literal("\""), new EscapedGrammar().Of(texts), GrammarNode.Literal("\""));

    private GrammarNode Of(GrammarNode node)
    {
        if (_escaped.TryGetValue(node, out GrammarNode? known))
        {
            return known;
        }

        if (node is GrammarRule rule)
        {
            // A rule may refer to itself.
            var escaped = new GrammarRule(rule.Name);
            _escaped.Add(rule, escaped);
            escaped.Body = Of(rule.Body);
            return escaped;
        }

        GrammarNode result = node switch
        {
            LiteralNode literal => GrammarNode.Literal(JsonGrammar.Quote(Encoding.UTF8.GetString(literal.Utf8))[1..^1]),
            CharactersNode characters => JsonGrammar.StringCharacter(characters.Set),
            SequenceNode sequence => GrammarNode.Sequence([.. sequence.Items.Select(Of)]),
            ChoiceNode choice => GrammarNode.Choice([.. choice.Options.Select(Of)]),
            RepeatNode repeat => GrammarNode.Repeat(Of(repeat.Item), repeat.Min, repeat.Max),
            ObjectNode json => GrammarNode.Object(Of(json.Body)),
            KeyNode key => GrammarNode.Key(Of(key.Body)),
            _ => throw new ArgumentException($"{node.GetType().Name} cannot be put into a JSON string.", nameof(node)),
        };
        _escaped.Add(node, result);
        return result;
    }
}
