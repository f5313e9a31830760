using Orchard.Grammars.Characters;
using Orchard.Grammars.Nodes;

namespace Orchard.Engine.Output;

/// <summary>The parts that the texts of calls are made of.</summary>
internal static class CallGrammar
{
    /// <summary>A little white space, or none.</summary>
    public static GrammarNode White { get; } = GrammarNode.Repeat(GrammarNode.Characters(CodePointSet.Of(" \t\r\n")), 0, 4);

    /// <summary>A call of one of the tools.</summary>
    public static GrammarNode OneOf(ToolSet tools, Func<ToolSchema, GrammarNode> texts) =>
        new GrammarRule("a call") { Body = GrammarNode.Choice([.. tools.Tools.Select(texts)]) };
}
