using Orchard.Engine.Grammars;

namespace Orchard.Engine.Output;

/// <summary>What an output in channels may be; see <see cref="ChannelParser"/>. It begins where the assistant's turn has been opened.</summary>
internal static class ChannelGrammar
{
    private const string Channel = "<|channel|>";
    private const string Body = "<|message|>";
    private const string End = "<|end|>";

    /// <summary>Thoughts and words before the last part, as many as wanted, then the answer or a call.</summary>
    /// <param name="calls">What may be called; null: nothing.</param>
    /// <param name="answer">The answer's format; null: any text.</param>
    public static GrammarNode Build(CallRule? calls, GrammarNode? answer)
    {
        GrammarNode aside = GrammarNode.Sequence(
            GrammarNode.Literal(Channel),
            GrammarNode.Choice(GrammarNode.Literal("analysis"), GrammarNode.Literal("commentary")),
            GrammarNode.Literal(Body),
            GrammarNode.Until(End),
            GrammarNode.Literal("<|start|>assistant"));
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
        GrammarNode.Literal(Channel + "final"),
        format is null ? GrammarNode.Empty : GrammarNode.Optional(GrammarNode.Literal(" <|constrain|>json")),
        GrammarNode.Literal(Body),
        format ?? GrammarNode.Without(ChannelParser.Marks),
        GrammarNode.Optional(GrammarNode.Choice(GrammarNode.Literal(End), GrammarNode.Literal("<|return|>"))));

    // The recipient stands in the role or in the channel. A call ends the turn, so there is never a second one.
    private static GrammarNode Call(ToolSchema tool)
    {
        GrammarNode json = GrammarNode.Choice(GrammarNode.Literal(" json"), GrammarNode.Literal(" <|constrain|>json"), GrammarNode.Literal("<|constrain|>json"));
        return GrammarNode.Sequence(
            GrammarNode.Choice(
                GrammarNode.Literal($" to=functions.{tool.Name}{Channel}commentary"),
                GrammarNode.Literal($"{Channel}commentary to=functions.{tool.Name}")),
            GrammarNode.Optional(json),
            GrammarNode.Literal(Body),
            tool.ArgumentTexts(),
            GrammarNode.Optional(GrammarNode.Literal("<|call|>")));
    }
}
