using Orchard.Grammars.Characters;
using Orchard.Grammars.Nodes;

namespace Orchard.Engine.Output.Calls;

/// <summary>Parts of the grammars of calls.</summary>
internal static class CallGrammar
{
    /// <summary>Up to four characters of white space.</summary>
    public static GrammarNode White { get; } = GrammarNode.Repeat(GrammarNode.Characters(CodePointSet.Of(" \t\r\n")), 0, 4);

    /// <summary>Returns the grammar of a call of any of the tools.</summary>
    public static GrammarNode OneOf(ToolSet tools, Func<ToolSchema, GrammarNode> texts) =>
        new GrammarRule("a call") { Body = GrammarNode.Choice([.. tools.Tools.Select(texts)]) };
}
