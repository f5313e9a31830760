using System.Text;
using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Nodes;

/// <summary>Creates nodes: <c>GrammarNode.Sequence(GrammarNode.Literal("["), item, GrammarNode.Literal("]"))</c>.</summary>
internal static class GrammarNodes
{
    private static readonly SequenceNode EmptyText = new([]);
    private static readonly ChoiceNode NoText = new([]);

    extension(GrammarNode)
    {
        /// <summary>Matches the empty text.</summary>
        public static GrammarNode Empty => EmptyText;

        /// <summary>Matches no text at all: an option that can never be taken.</summary>
        public static GrammarNode Nothing => NoText;

        /// <summary>Matches exactly this text.</summary>
        public static GrammarNode Literal(string text) => new LiteralNode(Encoding.UTF8.GetBytes(text));

        /// <summary>Matches one character of the set.</summary>
        public static GrammarNode Characters(CodePointSet set) => new CharactersNode(set);

        /// <summary>Matches the items one after another.</summary>
        public static GrammarNode Sequence(params IReadOnlyList<GrammarNode> items) =>
            items.Count == 1 ? items[0] : new SequenceNode(items);

        /// <summary>Matches any one of the options.</summary>
        public static GrammarNode Choice(params IReadOnlyList<GrammarNode> options) =>
            options.Count == 1 ? options[0] : new ChoiceNode(options);

        /// <summary>Matches the item repeatedly. The count is exact, however large the bounds are.</summary>
        /// <param name="item">The repeated node.</param>
        /// <param name="min">The minimum number of repetitions.</param>
        /// <param name="max">The maximum number of repetitions; null means unlimited.</param>
        public static GrammarNode Repeat(GrammarNode item, int min, int? max = null)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(min);
            return max < min ? NoText : new RepeatNode(item, min, max);
        }

        /// <summary>Matches the item or the empty text.</summary>
        public static GrammarNode Optional(GrammarNode item) => new RepeatNode(item, 0, 1);

        /// <summary>
        /// Matches the body, in which every <see cref="Key"/> is a different text. Nested objects have keys of their own.
        /// </summary>
        public static GrammarNode Object(GrammarNode body) => new ObjectNode(body);

        /// <summary>
        /// Matches a text of the body that was not yet a key of the innermost <see cref="Object"/>. The body should have infinitely many
        /// texts: otherwise generation can reach a position where all of them are used up and no token is allowed.
        /// </summary>
        public static GrammarNode Key(GrammarNode body) => new KeyNode(body);

        /// <summary>
        /// Matches any text up to and including the first marker. The following nodes constrain the rest:
        /// <c>Sequence(Until(["&lt;tool_call&gt;"]), call)</c> constrains nothing before the marker.
        /// </summary>
        public static GrammarNode Until(params IReadOnlyList<string> markers) => new FreeTextNode(markers, endsWithMarker: true, []);

        /// <summary>Like <see cref="Until(IReadOnlyList{string})"/>, except for texts that begin with one of the given prefixes.</summary>
        public static GrammarNode Until(IReadOnlyList<string> markers, IReadOnlyList<string> forbiddenPrefixes) =>
            new FreeTextNode(markers, endsWithMarker: true, forbiddenPrefixes);

        /// <summary>Matches any text that contains none of the markers.</summary>
        public static GrammarNode Without(params IReadOnlyList<string> markers) => new FreeTextNode(markers, endsWithMarker: false, []);

        /// <summary>
        /// Like <see cref="Without(IReadOnlyList{string})"/>, except for texts that begin with one of the given prefixes.
        /// </summary>
        public static GrammarNode Without(IReadOnlyList<string> markers, IReadOnlyList<string> forbiddenPrefixes) =>
            new FreeTextNode(markers, endsWithMarker: false, forbiddenPrefixes);
    }
}
