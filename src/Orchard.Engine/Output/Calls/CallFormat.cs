using Orchard.Engine.Output.Items;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas;

namespace Orchard.Engine.Output.Calls;

/// <summary>A model family's format of tool calls: how to recognize, parse and constrain calls. Immutable.</summary>
internal abstract class CallFormat
{
    /// <summary>The texts that start calls.</summary>
    public abstract IReadOnlyList<string> Markers { get; }

    /// <summary>Texts of the format. Control tokens in them are part of a call.</summary>
    public virtual IReadOnlyList<string> ControlTexts => Markers;

    /// <summary>Whether a marker counts only at the start of the message.</summary>
    public virtual bool IsOnlyFirst(string marker) => false;

    /// <summary>Creates a reader of the text after a marker.</summary>
    public abstract CallReader Read(string marker, ToolSet tools, IOutputItems items);

    /// <summary>Returns the grammar of messages that consist of calls only.</summary>
    /// <exception cref="SchemaException">A tool's schema cannot be enforced.</exception>
    public abstract GrammarNode Calls(CallRule rule);

    /// <summary>Returns the grammar of messages with any text in which whatever starts like a call is a valid call.</summary>
    /// <exception cref="SchemaException">A tool's schema cannot be enforced.</exception>
    public abstract GrammarNode Message(CallRule rule);
}
