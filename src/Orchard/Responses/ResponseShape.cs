using System.Text.Json;

namespace Orchard.Responses;

/// <summary>Writes responses in OpenAI's JSON.</summary>
internal static class ResponseShape
{
    public static void Write(Utf8JsonWriter writer, Response response)
    {
        writer.WriteStartObject();
        writer.WriteString("id", response.Id);
        writer.WriteString("object", "response");
        writer.WriteNumber("created_at", response.CreatedAt.ToUnixTimeSeconds());
        writer.WriteString("status", NameOf(response.Status));
        WriteEnd(writer, response);
        writer.WriteString("model", response.Model);
        writer.WriteStartArray("output");
        foreach (ResponseItem item in response.Output)
        {
            ResponseItemShape.Write(writer, item);
        }

        writer.WriteEndArray();
        WriteUsage(writer, response.Usage);
        WriteRequest(writer, response.Request);
        writer.WriteEndObject();
    }

    private static void WriteEnd(Utf8JsonWriter writer, Response response)
    {
        if (response.Error is { } error)
        {
            writer.WriteStartObject("error");
            writer.WriteString("code", error.Code);
            writer.WriteString("message", error.Message);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("error");
        }

        if (response.IncompleteReason is { } reason)
        {
            writer.WriteStartObject("incomplete_details");
            writer.WriteString("reason", NameOf(reason));
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("incomplete_details");
        }
    }

    private static void WriteUsage(Utf8JsonWriter writer, Usage? given)
    {
        if (given is not { } usage)
        {
            writer.WriteNull("usage");
            return;
        }

        writer.WriteStartObject("usage");
        writer.WriteNumber("input_tokens", usage.PromptTokens);
        writer.WriteStartObject("input_tokens_details");
        writer.WriteNumber("cached_tokens", usage.CachedTokens);
        writer.WriteEndObject();
        writer.WriteNumber("output_tokens", usage.CompletionTokens);
        writer.WriteStartObject("output_tokens_details");
        writer.WriteNumber("reasoning_tokens", usage.ReasoningTokens);
        writer.WriteEndObject();
        writer.WriteNumber("total_tokens", usage.TotalTokens);
        writer.WriteEndObject();
    }

    // OpenAI's clients expect the response to repeat the request, except for its input.
    private static void WriteRequest(Utf8JsonWriter writer, ResponseRequest request)
    {
        GenerationOptions options = request.Options;
        writer.WriteString("instructions", request.Instructions);
        writer.WriteStartObject("metadata");
        foreach ((string name, string value) in request.Metadata)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteNull("previous_response_id");
        writer.WriteBoolean("store", false);
        writer.WriteBoolean("background", false);
        WriteOptional(writer, "max_output_tokens", options.MaxOutputTokens);
        WriteOptional(writer, "temperature", options.Temperature);
        WriteOptional(writer, "top_p", options.TopP);
        writer.WriteNumber("top_logprobs", options.TopLogprobs);
        writer.WriteString("truncation", "disabled");
        writer.WriteStartObject("reasoning");
        writer.WriteString("effort", ReasoningEffortNames.Of(options.ReasoningEffort));
        writer.WriteNull("summary");
        writer.WriteEndObject();
        writer.WriteStartObject("text");
        writer.WritePropertyName("format");
        WriteFormat(writer, options.ResponseFormat);
        writer.WriteEndObject();
        WriteTools(writer, options);
    }

    private static void WriteTools(Utf8JsonWriter writer, GenerationOptions options)
    {
        writer.WriteBoolean("parallel_tool_calls", options.MaxToolCalls != 1);
        if (options.ToolChoice.Kind == ToolChoiceKind.Named)
        {
            writer.WriteStartObject("tool_choice");
            writer.WriteString("type", "function");
            writer.WriteString("name", options.ToolChoice.Name);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("tool_choice", NameOf(options.ToolChoice.Kind));
        }

        writer.WriteStartArray("tools");
        foreach (Tool tool in options.Tools)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "function");
            writer.WriteString("name", tool.Name);
            writer.WriteString("description", tool.Description);
            writer.WritePropertyName("parameters");
            tool.Parameters.WriteTo(writer);
            writer.WriteBoolean("strict", tool.IsStrict);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // The engine's wire format names the schema "json_schema"; OpenAI names it "schema".
    private static void WriteFormat(Utf8JsonWriter writer, ResponseFormat format)
    {
        writer.WriteStartObject();
        if (!format.IsConstrained)
        {
            writer.WriteString("type", format.Type);
        }
        else
        {
            using JsonDocument json = JsonDocument.Parse(format.Json, new JsonDocumentOptions { MaxDepth = 2048 });
            foreach (JsonProperty member in json.RootElement.EnumerateObject())
            {
                writer.WritePropertyName(member.NameEquals("json_schema") ? "schema" : member.Name);
                member.Value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static string NameOf(ToolChoiceKind choice) => choice switch
    {
        ToolChoiceKind.None => "none",
        ToolChoiceKind.Required => "required",
        _ => "auto",
    };

    private static string NameOf(ResponseStatus status) => status switch
    {
        ResponseStatus.InProgress => "in_progress",
        ResponseStatus.Completed => "completed",
        ResponseStatus.Incomplete => "incomplete",
        _ => "failed",
    };

    private static string NameOf(IncompleteReason reason) => reason switch
    {
        IncompleteReason.MaxOutputTokens => "max_output_tokens",
        IncompleteReason.ContentFilter => "content_filter",
        _ => "other",
    };
}
