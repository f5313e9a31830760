using Orchard.Engine.Output.Items;
using Orchard.Grammars.Nodes;

namespace Orchard.Engine.Output.Calls;

/// <summary>An element that contains the name, with JSON arguments inside (Functionary, and Llama on request).</summary>
internal sealed class FunctionaryFormat() : MarkerFormat("<function=")
{
    private const string End = "</function>";

    public override CallReader Read(string marker, ToolSet tools, IOutputItems items) =>
        new TaggedCall(_ => new NamedCallBody(tools, items, ">"), End);

    protected override GrammarNode Rest(ToolSet tools) => GrammarNode.Sequence(
        CallGrammar.OneOf(tools, tool => NamedCallBody.Texts(tool, ">")), CallGrammar.White, GrammarNode.Literal(End));
}
