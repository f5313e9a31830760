namespace Orchard.Server.Errors;

/// <summary>Names the field of a request that an option of the client comes from. Pure.</summary>
internal static class OptionNames
{
    /// <summary>Returns the field of an argument of the client; null if there is none.</summary>
    public static string? FieldOf(string? argument) => argument?.Split('.')[0] switch
    {
        null => null,
        nameof(GenerationOptions.MaxOutputTokens) => "max_tokens",
        nameof(GenerationOptions.StopSequences) => "stop",
        nameof(GenerationOptions.CandidateCount) => "n",
        nameof(GenerationOptions.RepetitionPenalty) => "repeat_penalty",
        nameof(GenerationOptions.PenaltyWindow) => "repeat_last_n",
        nameof(GenerationOptions.IgnoreEndOfSequence) => "ignore_eos",
        nameof(GenerationOptions.TemplateVariables) => "chat_template_kwargs",
        nameof(GenerationOptions.LoraAdapters) => "lora",
        nameof(GenerationOptions.EnableReasoning) or nameof(GenerationOptions.ReasoningEffort) => "reasoning_effort",
        "schema" or "pattern" or "gbnf" => "response_format",
        "name" or "parameters" or "description" => "tools",
        "texts" or "text" or "documents" or "query" => "input",
        "conversations" or "prompts" => "messages",
        string name => ToSnakeCase(name),
    };

    private static string ToSnakeCase(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
