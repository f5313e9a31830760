using Orchard.Grammars.Nodes;

namespace Orchard.Engine.Output;

/// <summary>What an output may be as a whole: thinking where the model thinks, then the message in its format, or calls.</summary>
internal static class OutputGrammar
{
    /// <param name="syntax">The form of the output; null when all of it is message.</param>
    /// <param name="calls">What may be called; null: nothing.</param>
    /// <param name="format">What the message may be; null: any text.</param>
    /// <returns>Null when the output may be anything.</returns>
    /// <exception cref="ArgumentException">Calls are asked for, but how they are written is not known.</exception>
    public static GrammarNode? Build(OutputSyntax? syntax, CallRule? calls, GrammarNode? format)
    {
        if (syntax is { HasChannels: true })
        {
            return calls is null && format is null ? null : ChannelGrammar.Build(calls, format);
        }

        GrammarNode? message = (calls, syntax?.Calls) switch
        {
            (null, _) or ({ IsForced: false }, null) => format,
            ({ IsForced: true }, null) => throw new ArgumentException(
                "tool_choice asks for a call, but the request does not say how the model writes one (tool_calling_tokens)."),
            ({ IsForced: true }, { } form) => form.Calls(calls),
            (_, { } form) => format is null ? form.Message(calls) : GrammarNode.Choice(format, form.Calls(calls)),
        };
        return message is null ? null : AfterThinking(syntax, message, isFree: format is null && calls is not { IsForced: true });
    }

    private static GrammarNode AfterThinking(OutputSyntax? syntax, GrammarNode message, bool isFree)
    {
        if (syntax is not { HasThinking: true })
        {
            return message;
        }

        var whole = new GrammarRule("message") { Body = message };
        GrammarNode thought = GrammarNode.Sequence(GrammarNode.Until(syntax.ThinkingEnd), CallGrammar.White, whole);
        if (!syntax.BeginsThinking)
        {
            return GrammarNode.Choice(GrammarNode.Sequence(CallGrammar.White, GrammarNode.Literal(syntax.ThinkingStart), thought), whole);
        }

        // Where nothing has to come of it, the thought may break off.
        return isFree ? GrammarNode.Choice(thought, GrammarNode.Without(syntax.ThinkingEnd)) : thought;
    }
}
