using Orchard.Engine.Output.Calls;
using Orchard.Grammars.Nodes;

namespace Orchard.Engine.Output;

/// <summary>The grammar of complete outputs: reasoning if the model supports it, then the message in its format, or tool calls.</summary>
internal static class OutputGrammar
{
    /// <summary>Builds the grammar of an output.</summary>
    /// <param name="syntax">The syntax of the output; null if all of it is message.</param>
    /// <param name="calls">The allowed calls; null for none.</param>
    /// <param name="format">The format of the message; null for any text.</param>
    /// <returns>Null if any output is allowed.</returns>
    /// <exception cref="ArgumentException">A call is required, but the request does not specify a tool call format.</exception>
    public static GrammarNode? Build(OutputSyntax? syntax, CallRule? calls, GrammarNode? format)
    {
        if (syntax is { HasChannels: true })
        {
            return calls is null && format is null ? null : ChannelGrammar.Build(calls, format);
        }

        format = format is null || syntax is null ? format : syntax.Frame.Around(format);
        GrammarNode? message = (calls, syntax?.Calls) switch
        {
            (null, _) or ({ IsForced: false }, null) => format,
            ({ IsForced: true }, null) => throw new ArgumentException(
                "tool_choice requires a tool call, but the request does not specify the model's tool call format (tool_calling_tokens)."),
            ({ IsForced: true }, { } form) => form.Calls(calls),
            (_, { } form) => format is null ? form.Message(calls) : GrammarNode.Choice(format, form.Calls(calls)),
        };
        if (message is null || syntax is not { HasReasoning: true })
        {
            return message;
        }

        bool isFree = format is null && calls is not { IsForced: true };
        GrammarNode? only = calls is not null && syntax.Calls is { } known ? known.Calls(calls) : null;
        return AfterReasoning(syntax, message, only, isFree);
    }

    private static GrammarNode AfterReasoning(OutputSyntax syntax, GrammarNode message, GrammarNode? calls, bool isFree)
    {
        var whole = new GrammarRule("message") { Body = message };
        if (syntax.HasEmptyReasoning)
        {
            GrammarNode start = GrammarNode.Literal(syntax.ReasoningStart);
            return GrammarNode.Choice(
                whole,
                GrammarNode.Sequence(
                    CallGrammar.White,
                    syntax.StartsInReasoning ? GrammarNode.Empty : GrammarNode.Optional(GrammarNode.Sequence(start, CallGrammar.White)),
                    GrammarNode.Literal(syntax.ReasoningEnd),
                    CallGrammar.White,
                    whole));
        }

        GrammarNode reasoning = GrammarNode.Sequence(GrammarNode.Until(syntax.ReasoningEnd), CallGrammar.White, whole);
        if (!syntax.StartsInReasoning)
        {
            return GrammarNode.Choice(
                GrammarNode.Sequence(CallGrammar.White, GrammarNode.Literal(syntax.ReasoningStart), reasoning),
                GrammarNode.Sequence(GrammarNode.Optional(GrammarNode.Literal(syntax.ReasoningEnd)), whole));
        }

        // Calls may replace the reasoning that the prompt has opened.
        reasoning = calls is null ? reasoning : GrammarNode.Choice(reasoning, GrammarNode.Sequence(CallGrammar.White, calls));

        // If nothing is required after it, reasoning may end without its delimiter.
        return isFree ? GrammarNode.Choice(reasoning, GrammarNode.Without(syntax.ReasoningEnd)) : reasoning;
    }
}
