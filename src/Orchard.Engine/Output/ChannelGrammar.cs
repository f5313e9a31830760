using Orchard.Engine.Output.Calls;
using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Engine.Output;

/// <summary>The grammar of output in channels; see <see cref="ChannelParser"/>. Starts after the opening of the assistant's turn.</summary>
internal static class ChannelGrammar
{
    /// <summary>Builds the grammar: any number of reasoning and commentary parts, then the message or a call.</summary>
    /// <param name="calls">The allowed calls; null for none.</param>
    /// <param name="message">The format of the message; null for any text.</param>
    public static GrammarNode Build(CallRule? calls, GrammarNode? message)
    {
        GrammarNode aside = GrammarNode.Sequence(
            GrammarNode.Literal(ChannelParser.Channel),
            GrammarNode.Choice(GrammarNode.Literal("analysis"), GrammarNode.Literal("commentary")),
            GrammarNode.Literal(ChannelParser.Body),
            GrammarNode.Until(ChannelParser.End),
            GrammarNode.Literal($"{ChannelParser.Start}assistant"));
        var last = new List<GrammarNode>();
        if (calls is not { IsForced: true })
        {
            last.Add(Message(message));
        }

        if (calls is not null)
        {
            last.Add(CallGrammar.OneOf(calls.Tools, Call));
        }

        return GrammarNode.Sequence(GrammarNode.Repeat(aside, 0), GrammarNode.Choice(last));
    }

    private static GrammarNode Message(GrammarNode? format) => GrammarNode.Sequence(
        GrammarNode.Literal($"{ChannelParser.Channel}final"),
        format is null ? GrammarNode.Empty : GrammarNode.Optional(GrammarNode.Literal($" {ChannelParser.Constrain}json")),
        GrammarNode.Literal(ChannelParser.Body),
        format ?? GrammarNode.Without(ChannelParser.Markers),
        GrammarNode.Optional(GrammarNode.Choice(GrammarNode.Literal(ChannelParser.End), GrammarNode.Literal(ChannelParser.Return))));

    // The recipient follows the role or the channel. A call ends the turn, so there is at most one.
    private static GrammarNode Call(ToolSchema tool)
    {
        GrammarNode json = GrammarNode.Choice(
            GrammarNode.Literal(" json"),
            GrammarNode.Literal($" {ChannelParser.Constrain}json"),
            GrammarNode.Literal($"{ChannelParser.Constrain}json"));
        return GrammarNode.Sequence(
            GrammarNode.Choice(
                GrammarNode.Literal($" {ChannelParser.Recipient}{tool.Name}{ChannelParser.Channel}commentary"),
                GrammarNode.Literal($"{ChannelParser.Channel}commentary {ChannelParser.Recipient}{tool.Name}")),
            GrammarNode.Optional(json),
            GrammarNode.Literal(ChannelParser.Body),
            tool.ArgumentTexts(),
            GrammarNode.Optional(GrammarNode.Literal(ChannelParser.Call)));
    }
}
