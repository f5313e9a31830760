using System.Text;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Engine.Output;

/// <summary>A call as the name, what separates it from the arguments, and the arguments as an object: <c>get_weather&gt;{…}</c>.</summary>
/// <param name="tools">The tools there are.</param>
/// <param name="items">Takes the call.</param>
/// <param name="separator">Between name and arguments; may be left out.</param>
internal sealed class NamedCallBody(ToolSet tools, IOutputItems items, string separator) : CallBody
{
    private readonly StringBuilder _name = new();
    private JsonExtent _extent;

    /// <summary>The calls of a tool.</summary>
    public static GrammarNode Texts(ToolSchema tool, string separator) => GrammarNode.Sequence(GrammarNode.Literal(tool.Name + separator), tool.ArgumentTexts());

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
