using Orchard.Grammars.Nodes;
using Orchard.Grammars.Schemas.Compilation;

namespace Orchard.Engine.Output;

/// <summary>What an output in channels may be; see <see cref="ChannelParser"/>. It begins where the assistant's turn has been opened.</summary>
internal static class ChannelGrammar
{
    /// <summary>Thoughts and words before the last part, as many as wanted, then the answer or a call.</summary>
    /// <param name="calls">What may be called; null: nothing.</param>
    /// <param name="answer">The answer's format; null: any text.</param>
    public static GrammarNode Build(CallRule? calls, GrammarNode? answer)
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
            last.Add(Answer(answer));
        }

        if (calls is not null)
        {
            last.Add(CallGrammar.OneOf(calls.Tools, Call));
        }

        return GrammarNode.Sequence(GrammarNode.Repeat(aside, 0), GrammarNode.Choice(last));
    }

    private static GrammarNode Answer(GrammarNode? format) => GrammarNode.Sequence(
        GrammarNode.Literal($"{ChannelParser.Channel}final"),
        format is null ? GrammarNode.Empty : GrammarNode.Optional(GrammarNode.Literal($" {ChannelParser.Constrain}json")),
        GrammarNode.Literal(ChannelParser.Body),
        format ?? GrammarNode.Without(ChannelParser.Marks),
        GrammarNode.Optional(GrammarNode.Choice(GrammarNode.Literal(ChannelParser.End), GrammarNode.Literal(ChannelParser.Return))));

    // The recipient stands in the role or in the channel. A call ends the turn, so there is never a second one.
    private static GrammarNode Call(ToolSchema tool)
    {
        GrammarNode json = GrammarNode.Choice(GrammarNode.Literal(" json"), GrammarNode.Literal($" {ChannelParser.Constrain}json"), GrammarNode.Literal($"{ChannelParser.Constrain}json"));
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
