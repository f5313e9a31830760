using Microsoft.Extensions.AI;
using AIReasoningEffort = Microsoft.Extensions.AI.ReasoningEffort;

namespace Orchard.Extensions.AI;

/// <summary>
/// Converts the options of Microsoft.Extensions.AI to generation options. Pure. Each option is either converted, refused, or listed as
/// ignored because it does not change what the answer should be.
/// </summary>
internal static class OptionsMapping
{
    /// <summary>
    /// Converts the options. They override those that <see cref="ChatOptions.RawRepresentationFactory"/> returns, or else the defaults.
    /// </summary>
    /// <exception cref="NotSupportedException">
    /// An option requests something that Orchard does not support. The message names it.
    /// </exception>
    /// <exception cref="ArgumentException">The value of an option is invalid. The message names it.</exception>
    public static MappedOptions Map(ChatOptions? options, IChatClient client)
    {
        if (options is null)
        {
            return new MappedOptions(new GenerationOptions { IgnoreUnsupportedReasoning = true }, ToolNames.None);
        }

        RefuseUnsupported(options);
        ToolNames names = ToolMapping.NamesOf(options.Tools);
        (GenerationOptions generation, IReadOnlyList<string> ignored) =
            AdditionalOptions.ApplyTo(ToGenerationOptions(options, StartingPoint(options, client), names), options.AdditionalProperties);
        return new MappedOptions(generation, names)
        {
            Ignored = options.Reasoning?.Output == ReasoningOutput.Summary ? ["Reasoning.Output", .. ignored] : ignored,
            ShowsReasoning = options.Reasoning?.Output != ReasoningOutput.None,
        };
    }

    private static GenerationOptions ToGenerationOptions(ChatOptions options, GenerationOptions start, ToolNames names)
    {
        IReadOnlyList<Tool> tools = options.Tools is { Count: > 0 } given ? ToolMapping.ToTools(given, names) : start.Tools;
        return start with
        {
            MaxOutputTokens = options.MaxOutputTokens is { } max ? CommonValues.ToMaxOutputTokens(max) : start.MaxOutputTokens,
            Temperature = options.Temperature ?? start.Temperature,
            TopP = options.TopP ?? start.TopP,
            TopK = options.TopK is { } top ? CommonValues.ToTopK(top) : start.TopK,
            FrequencyPenalty = options.FrequencyPenalty ?? start.FrequencyPenalty,
            PresencePenalty = options.PresencePenalty ?? start.PresencePenalty,
            Seed = options.Seed is { } seed ? CommonValues.ToSeed(seed) : start.Seed,
            StopSequences = options.StopSequences is { } stops ? CommonValues.ToStopSequences(stops) : start.StopSequences,
            ResponseFormat = options.ResponseFormat is { } format
                ? ToFormat(format, SchemaMapping.IsStrict(options.AdditionalProperties))
                : start.ResponseFormat,
            Tools = tools,
            ToolChoice = options.ToolMode is { } mode ? ToolMapping.ToChoice(mode, names) : start.ToolChoice,
            MaxToolCalls = options.AllowMultipleToolCalls == false ? 1 : start.MaxToolCalls,
            EnableReasoning = options.Reasoning?.Effort is { } effort ? effort != AIReasoningEffort.None : start.EnableReasoning,
            ReasoningEffort = options.Reasoning?.Effort is { } level ? ToEffort(level) : start.ReasoningEffort,
            IgnoreUnsupportedReasoning = true,
        };
    }

    private static void RefuseUnsupported(ChatOptions options)
    {
        Refuse(
            options.ConversationId is not null,
            nameof(options.ConversationId),
            "stored conversations; send the whole conversation with each request");
#pragma warning disable MEAI001 // experimental
        Refuse(options.ContinuationToken is not null, nameof(options.ContinuationToken), "answers that continue in the background");
#pragma warning restore MEAI001
    }

    private static void Refuse(bool isRequested, string option, string feature)
    {
        if (isRequested)
        {
            throw new NotSupportedException($"{nameof(ChatOptions)}.{option} is set, but Orchard does not support {feature}.");
        }
    }

    private static GenerationOptions StartingPoint(ChatOptions options, IChatClient client) =>
        options.RawRepresentationFactory?.Invoke(client) switch
        {
            null => new GenerationOptions(),
            GenerationOptions start => start,
            { } other => throw new NotSupportedException(
                $"{nameof(ChatOptions)}.{nameof(ChatOptions.RawRepresentationFactory)} returned a {other.GetType()}; "
                + $"it must return {typeof(GenerationOptions)} or null."),
        };

    private static ResponseFormat ToFormat(ChatResponseFormat format, bool isStrict) => format switch
    {
        ChatResponseFormatText => ResponseFormat.Text,
        ChatResponseFormatJson { Schema: { } schema } json =>
            ResponseFormat.JsonSchema(SchemaMapping.ForAnswer(schema, json.SchemaName), json.SchemaName, isStrict),
        ChatResponseFormatJson => ResponseFormat.JsonObject,
        _ => throw new NotSupportedException(
            $"{nameof(ChatOptions)}.{nameof(ChatOptions.ResponseFormat)} is a {format.GetType().Name}; "
            + "supported are text, JSON, and JSON with a schema."),
    };

    private static ReasoningEffort? ToEffort(AIReasoningEffort effort) => effort switch
    {
        AIReasoningEffort.None => null,
        AIReasoningEffort.Low => ReasoningEffort.Low,
        AIReasoningEffort.Medium => ReasoningEffort.Medium,
        AIReasoningEffort.High or AIReasoningEffort.ExtraHigh => ReasoningEffort.High, // the highest level that chat templates have
        _ => throw new NotSupportedException(
            $"{nameof(ChatOptions)}.{nameof(ChatOptions.Reasoning)} has the effort {effort}, but Orchard does not support it."),
    };
}
