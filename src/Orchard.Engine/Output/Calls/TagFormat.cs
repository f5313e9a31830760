using Orchard.Engine.Output.Items;
using Orchard.Grammars.Nodes;

namespace Orchard.Engine.Output.Calls;

/// <summary>JSON between two tags (Hermes, Qwen), or XML elements between them (Qwen's coding models).</summary>
internal sealed class TagFormat(string start, string end, bool isXml) : MarkerFormat(start)
{
    public override IReadOnlyList<string> ControlTexts { get; } = end.Length > 0 ? [start, end] : [start];

    // Accepts both forms, because a model may use another one than its template shows.
    public override CallReader Read(string marker, ToolSet tools, IOutputItems items) =>
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
