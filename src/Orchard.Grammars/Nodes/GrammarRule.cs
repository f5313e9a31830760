namespace Orchard.Grammars.Nodes;

/// <summary>A named node, which may refer to itself. Its body is set once, before the grammar is compiled.</summary>
internal sealed class GrammarRule(string name) : GrammarNode
{
    private GrammarNode? _body;

    /// <summary>The name in error messages.</summary>
    public string Name { get; } = name;

    public bool HasBody => _body is not null;

    /// <exception cref="GrammarException">The body was never set.</exception>
    public GrammarNode Body
    {
        get => _body ?? throw new GrammarException($"The rule '{Name}' is used but not defined.");
        set => _body = value;
    }
}
