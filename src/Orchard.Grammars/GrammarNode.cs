using System.Text;

namespace Orchard.Grammars;

/// <summary>What a part of a text may be. Immutable, but for the body of a <see cref="GrammarRule"/>, which is set once.</summary>
internal abstract class GrammarNode
{
    private protected GrammarNode()
    {
    }

    /// <summary>The empty text.</summary>
    public static GrammarNode Empty { get; } = new SequenceNode([]);

    /// <summary>No text at all: an alternative that can never be taken.</summary>
    public static GrammarNode Nothing { get; } = new ChoiceNode([]);

    /// <summary>Exactly this text.</summary>
    public static GrammarNode Literal(string text) => new LiteralNode(Encoding.UTF8.GetBytes(text));

    /// <summary>One character of the set.</summary>
    public static GrammarNode Characters(CodePointSet set) => new CharactersNode(set);

    /// <summary>One after another.</summary>
    public static GrammarNode Sequence(params IReadOnlyList<GrammarNode> items) => items.Count == 1 ? items[0] : new SequenceNode(items);

    /// <summary>One of them.</summary>
    public static GrammarNode Choice(params IReadOnlyList<GrammarNode> options) => options.Count == 1 ? options[0] : new ChoiceNode(options);

    /// <summary>Again and again. Counted exactly, however large the counts are.</summary>
    /// <param name="item">What.</param>
    /// <param name="min">How often at least.</param>
    /// <param name="max">How often at most; null: as often as wanted.</param>
    public static GrammarNode Repeat(GrammarNode item, int min, int? max = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(min);
        return max < min ? Nothing : new RepeatNode(item, min, max);
    }

    public static GrammarNode Optional(GrammarNode item) => Repeat(item, 0, 1);

    /// <summary>
    /// A part in which every <see cref="Key"/> is another text. What stands deeper, in an object inside it, counts there.
    /// </summary>
    public static GrammarNode Object(GrammarNode body) => new ObjectNode(body);

    /// <summary>A text of the body that was no key of the innermost object before. There should be no end of them: see <see cref="Object"/>.</summary>
    public static GrammarNode Key(GrammarNode body) => new KeyNode(body);

    /// <summary>
    /// Any text up to and including the first of some marks; control tokens that the grammar does not know may be in it. What follows is
    /// for the nodes after this one: <c>Sequence(Until(["&lt;tool_call&gt;"]), call)</c> constrains nothing before the mark.
    /// </summary>
    public static GrammarNode Until(params IReadOnlyList<string> marks) => new MarkNode(marks, isFound: true, []);

    /// <summary>The same, but for texts that begin in certain ways.</summary>
    public static GrammarNode Until(IReadOnlyList<string> marks, IReadOnlyList<string> exceptBeginnings) => new MarkNode(marks, isFound: true, exceptBeginnings);

    /// <summary>Any text in which none of the marks is; control tokens that the grammar does not know may be in it.</summary>
    public static GrammarNode Without(params IReadOnlyList<string> marks) => new MarkNode(marks, isFound: false, []);

    /// <summary>The same, but for texts that begin in certain ways.</summary>
    public static GrammarNode Without(IReadOnlyList<string> marks, IReadOnlyList<string> exceptBeginnings) => new MarkNode(marks, isFound: false, exceptBeginnings);
}

internal sealed class LiteralNode(byte[] utf8) : GrammarNode
{
    public byte[] Utf8 { get; } = utf8;
}

internal sealed class CharactersNode(CodePointSet set) : GrammarNode
{
    public CodePointSet Set { get; } = set;
}

internal sealed class SequenceNode(IReadOnlyList<GrammarNode> items) : GrammarNode
{
    public IReadOnlyList<GrammarNode> Items { get; } = items;
}

internal sealed class ChoiceNode(IReadOnlyList<GrammarNode> options) : GrammarNode
{
    public IReadOnlyList<GrammarNode> Options { get; } = options;
}

internal sealed class RepeatNode(GrammarNode item, int min, int? max) : GrammarNode
{
    public GrammarNode Item { get; } = item;

    public int Min { get; } = min;

    public int? Max { get; } = max;
}

internal sealed class MarkNode(IReadOnlyList<string> marks, bool isFound, IReadOnlyList<string> exceptBeginnings) : GrammarNode
{
    public IReadOnlyList<string> Marks { get; } = marks;

    /// <summary>Whether the text ends with a mark; else it has none.</summary>
    public bool IsFound { get; } = isFound;

    /// <summary>How the text may not begin.</summary>
    public IReadOnlyList<string> ExceptBeginnings { get; } = exceptBeginnings;
}

/// <summary>A part with a name, which may contain itself. Set the body once, before the grammar is compiled.</summary>
internal sealed class GrammarRule(string name) : GrammarNode
{
    private GrammarNode? _body;

    /// <summary>For messages.</summary>
    public string Name { get; } = name;

    public bool HasBody => _body is not null;

    public GrammarNode Body
    {
        get => _body ?? throw new GrammarException($"The rule '{Name}' is used, but not defined.");
        set => _body = value;
    }
}

/// <summary>An object: each of the keys in it, but not in objects inside it, is written once at most.</summary>
internal sealed class ObjectNode(GrammarNode body) : GrammarNode
{
    public GrammarNode Body { get; } = body;
}

/// <summary>A key of the innermost <see cref="ObjectNode"/>: a text that was no key of it before.</summary>
internal sealed class KeyNode(GrammarNode body) : GrammarNode
{
    public GrammarNode Body { get; } = body;
}
