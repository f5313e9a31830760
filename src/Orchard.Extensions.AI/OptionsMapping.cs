using Microsoft.Extensions.AI;
using AIReasoningEffort = Microsoft.Extensions.AI.ReasoningEffort;

namespace Orchard;

/// <summary>Options of Microsoft.Extensions.AI as ours. Pure. Each option is one line: in the mapping, or among the refusals.</summary>
internal static class OptionsMapping
{
    /// <summary>
    /// The options to generate with: those that <see cref="ChatOptions.RawRepresentationFactory"/> gives, or the defaults, with what
    /// the options say in their place.
    /// </summary>
    /// <exception cref="NotSupportedException">An option asks for what Orchard cannot do. The message names it.</exception>
    /// <exception cref="ArgumentException">The value of an option cannot be used. The message names it.</exception>
    public static GenerationOptions ToGenerationOptions(ChatOptions? options, IChatClient client)
    {
        if (options is null)
        {
            return new GenerationOptions();
        }

        RefuseUnsupported(options);
        GenerationOptions start = StartingPoint(options, client);
        GenerationOptions mapped = start with
        {
            MaxOutputTokens = options.MaxOutputTokens ?? start.MaxOutputTokens,
            Temperature = options.Temperature ?? start.Temperature,
            TopP = options.TopP ?? start.TopP,
            TopK = options.TopK ?? start.TopK,
            FrequencyPenalty = options.FrequencyPenalty ?? start.FrequencyPenalty,
            PresencePenalty = options.PresencePenalty ?? start.PresencePenalty,
            Seed = ToSeed(options.Seed) ?? start.Seed,
            StopSequences = options.StopSequences is { } stops ? [.. stops] : start.StopSequences,
            ResponseFormat = options.ResponseFormat is { } format ? ToFormat(format) : start.ResponseFormat,
            Tools = options.Tools is { Count: > 0 } tools ? ToolMapping.ToTools(tools) : start.Tools,
            ToolChoice = options.ToolMode is { } mode ? ToolMapping.ToChoice(mode) : start.ToolChoice,
            MaxToolCalls = options.AllowMultipleToolCalls == false ? 1 : start.MaxToolCalls,
            EnableReasoning = options.Reasoning?.Effort is { } effort ? effort != AIReasoningEffort.None : start.EnableReasoning,
            ReasoningEffort = options.Reasoning?.Effort is { } level ? ToEffort(level) : start.ReasoningEffort,
        };
        return AdditionalOptions.ApplyTo(mapped, options.AdditionalProperties);
    }

    private static void RefuseUnsupported(ChatOptions options)
    {
        Refuse(options.Reasoning?.Output == ReasoningOutput.Summary, nameof(options.Reasoning), "summaries of what a model thought; take it in full or not at all");
        Refuse(options.ConversationId is not null, nameof(options.ConversationId), "conversations that the engine keeps; send the whole one");
#pragma warning disable MEAI001 // Experimental, and refused for as long as it is.
        Refuse(options.ContinuationToken is not null, nameof(options.ContinuationToken), "answers that go on in the background");
#pragma warning restore MEAI001
    }

    private static void Refuse(bool asked, string option, string what)
    {
        if (asked)
        {
            throw new NotSupportedException($"{nameof(ChatOptions)}.{option} is set, but Orchard does not support {what}.");
        }
    }

    private static GenerationOptions StartingPoint(ChatOptions options, IChatClient client) =>
        options.RawRepresentationFactory?.Invoke(client) switch
        {
            null => new GenerationOptions(),
            GenerationOptions start => start,
            { } other => throw new NotSupportedException(
                $"{nameof(ChatOptions)}.{nameof(ChatOptions.RawRepresentationFactory)} gave a {other.GetType()}; Orchard takes {typeof(GenerationOptions)}, or null."),
        };

    private static ResponseFormat ToFormat(ChatResponseFormat format) => format switch
    {
        ChatResponseFormatText => ResponseFormat.Text,
        ChatResponseFormatJson { Schema: { } schema } json => ResponseFormat.JsonSchema(schema, json.SchemaName),
        ChatResponseFormatJson => ResponseFormat.JsonObject,
        _ => throw new NotSupportedException(
            $"{nameof(ChatOptions)}.{nameof(ChatOptions.ResponseFormat)} is a {format.GetType().Name}; Orchard takes text, JSON, and JSON of a schema."),
    };

    private static ReasoningEffort? ToEffort(AIReasoningEffort effort) => effort switch
    {
        AIReasoningEffort.None => null,
        AIReasoningEffort.Low => ReasoningEffort.Low,
        AIReasoningEffort.Medium => ReasoningEffort.Medium,
        _ => ReasoningEffort.High,
    };

    private static uint? ToSeed(long? seed) => seed switch
    {
        null => null,
        >= 0 and <= uint.MaxValue => (uint)seed,
        _ => throw new ArgumentOutOfRangeException(nameof(seed), seed, $"{nameof(ChatOptions)}.{nameof(ChatOptions.Seed)} is {seed}; allowed is 0 to {uint.MaxValue}."),
    };
}
