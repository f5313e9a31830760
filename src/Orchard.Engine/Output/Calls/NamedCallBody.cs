using System.Text;
using Orchard.Engine.Output.Items;
using Orchard.Engine.Output.Scanning;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Engine.Output.Calls;

/// <summary>A call as name, separator and arguments: <c>get_weather&gt;{…}</c>.</summary>
/// <param name="tools">The available tools.</param>
/// <param name="items">Receives the call.</param>
/// <param name="separator">Separates name and arguments; models may leave it out.</param>
internal sealed class NamedCallBody(ToolSet tools, IOutputItems items, string separator) : CallBody
{
    private readonly StringBuilder _name = new();
    private JsonExtent _extent;

    /// <summary>Returns the grammar of calls of a tool.</summary>
    public static GrammarNode Texts(ToolSchema tool, string separator) =>
        GrammarNode.Sequence(GrammarNode.Literal(tool.Name + separator), tool.ArgumentTexts());

    public override CallProgress Read(char character)
    {
        if (!HasBegun)
        {
            if (character != '{')
            {
                _name.Append(character);
                return _name.Length > MaxBeforeName ? CallProgress.Stop : CallProgress.More;
            }

            string head = _name.ToString().Trim();
            string name = head.EndsWith(separator, StringComparison.Ordinal) ? head[..^separator.Length].TrimEnd() : head;
            if (!tools.TryGet(name, out _))
            {
                return CallProgress.Stop;
            }

            HasBegun = true;
            items.BeginCall(name);
        }

        items.Arguments([character]);
        if (!_extent.Read(character))
        {
            return CallProgress.More;
        }

        items.EndCall();
        return CallProgress.Done;
    }
}
