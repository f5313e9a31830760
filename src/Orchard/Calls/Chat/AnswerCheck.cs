using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Orchard.Schemas;

namespace Orchard.Calls.Chat;

/// <summary>Validates complete answers against schemas that the engine need not enforce in full.</summary>
internal sealed class AnswerCheck
{
    private readonly JsonElement?[] _schemas;
    private readonly bool _keepsFailures;
    private readonly Dictionary<(int Prompt, int Candidate), StringBuilder> _texts = [];

    private AnswerCheck(JsonElement?[] schemas, bool keepsFailures)
    {
        _schemas = schemas;
        _keepsFailures = keepsFailures;
    }

    /// <summary>Returns the check of a request's answers; null if none is needed.</summary>
    /// <param name="options">The options of each conversation.</param>
    /// <param name="keepsFailures">Whether the failure of one conversation is a result; otherwise it ends the request.</param>
    /// <param name="isEnforced">Whether whoever generates the answers can be relied on to keep to strict schemas.</param>
    public static AnswerCheck? Find(IEnumerable<GenerationOptions> options, bool keepsFailures, bool isEnforced)
    {
        JsonElement?[] schemas = [.. options.Select(each => each.ResponseFormat.FindUnenforcedSchema(isEnforced))];
        return Array.Exists(schemas, schema => schema is not null) ? new AnswerCheck(schemas, keepsFailures) : null;
    }

    /// <summary>Passes the parts of answers on, and validates the answer with its last part.</summary>
    /// <exception cref="StructuredOutputException">An answer violates its schema, and failures are not kept.</exception>
    public async IAsyncEnumerable<ChatDelta> WatchAsync(
        IAsyncEnumerable<ChatDelta> deltas, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ChatDelta delta in deltas.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (Find(delta) is not { } error)
            {
                yield return delta;
                continue;
            }

            if (!_keepsFailures)
            {
                throw error;
            }

            yield return new ChatDelta
            {
                Text = delta.Text,
                Reasoning = delta.Reasoning,
                FinishReason = FinishReason.Error,
                Usage = delta.Usage,
                PromptIndex = delta.PromptIndex,
                CandidateIndex = delta.CandidateIndex,
                Logprobs = delta.Logprobs,
                CumulativeLogprob = delta.CumulativeLogprob,
                Origin = delta.Origin,
                Error = error,
            };
        }
    }

    private StructuredOutputException? Find(ChatDelta delta)
    {
        if (_schemas[delta.PromptIndex] is not { } schema)
        {
            return null;
        }

        if (!_texts.TryGetValue((delta.PromptIndex, delta.CandidateIndex), out StringBuilder? text))
        {
            _texts.Add((delta.PromptIndex, delta.CandidateIndex), text = new StringBuilder());
        }

        text.Append(delta.Text);
        return delta.FinishReason == FinishReason.Stop && FindProblem(text.ToString(), schema) is { } problem
            ? new StructuredOutputException(
                $"The answer does not match the schema of the response format: {problem}. Ask again, or relax the schema.",
                new ChatResult
                {
                    Text = text.ToString(),
                    FinishReason = FinishReason.Stop,
                    Usage = delta.Usage ?? default,
                    CandidateIndex = delta.CandidateIndex,
                })
            : null;
    }

    private static string? FindProblem(string text, JsonElement schema)
    {
        try
        {
            using JsonDocument answer = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 1024 });
            return SchemaCheck.Find(answer.RootElement, schema);
        }
        catch (JsonException e)
        {
            return $"it is not valid JSON ({e.Message})";
        }
    }
}
