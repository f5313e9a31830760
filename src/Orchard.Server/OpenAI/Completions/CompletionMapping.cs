using Orchard.Server.Generation;
using Orchard.Server.OpenAI.Chat;

namespace Orchard.Server.OpenAI.Completions;

/// <summary>Maps requests to continue texts to prompts, and answers to their JSON. Pure.</summary>
internal static class CompletionMapping
{
    /// <summary>Returns a prompt for each text.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="request">The body.</param>
    /// <param name="ignored">Receives the names of fields that have no effect.</param>
    public static IReadOnlyList<ChatPrompt> ToPrompts(
        IReadOnlyList<string> texts, CompletionRequest request, ICollection<string> ignored)
    {
        GenerationOptions options =
            GenerationFields.ApplyTo(new GenerationOptions { IgnoreUnsupportedReasoning = true }, request.Fields, ignored);
        return [.. texts.Select(text => RawPrompt.Of(text, options))];
    }

    /// <summary>Returns the JSON of answers.</summary>
    /// <param name="results">The answers, one for each prompt with its alternatives.</param>
    /// <param name="frame">The members besides the texts.</param>
    public static Completion ToCompletion(IReadOnlyList<ChatResult> results, Completion frame)
    {
        ChatResult[] all = [.. results.SelectMany(static result => result.Alternatives.Prepend(result))];
        return frame with
        {
            Choices = [.. all.Select((result, index) => ToChoice(result.Text, index, result.Logprobs, 0, result.FinishReason))],
            Usage = TokenUsage.Of(results.Select(static result => result.ConversationUsage)),
        };
    }

    /// <summary>Returns the JSON of a text, or of a part of one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">Zero-based index.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="offset">Where the text begins in the whole one.</param>
    /// <param name="reason">Why generation ended; null until the last part.</param>
    public static CompletionChoice ToChoice(
        string text, int index, IReadOnlyList<TokenLogprob> tokens, int offset, FinishReason? reason)
    {
        return new CompletionChoice
        {
            Text = text,
            Index = index,
            Logprobs = tokens.Count == 0 ? null : ToLogprobs(tokens, offset),
            FinishReason = reason is { } end ? FinishReasons.NameOf(end) : null,
        };
    }

    private static CompletionLogprobs ToLogprobs(IReadOnlyList<TokenLogprob> tokens, int offset)
    {
        ChatTokenLogprob[] all = [.. tokens.Select(ChatTokenLogprob.Of)];
        var offsets = new List<int>(all.Length);
        foreach (ChatTokenLogprob token in all)
        {
            offsets.Add(offset);
            offset += token.Token.Length;
        }

        return new CompletionLogprobs
        {
            Tokens = [.. all.Select(static token => token.Token)],
            TokenLogprobs = [.. all.Select(static token => token.Logprob)],
            TopLogprobs =
            [
                .. all.Select(static token => (token.TopLogprobs ?? [])
                    .GroupBy(static top => top.Token, StringComparer.Ordinal)
                    .ToDictionary(static group => group.Key, static group => group.First().Logprob, StringComparer.Ordinal)),
            ],
            TextOffset = offsets,
        };
    }
}
