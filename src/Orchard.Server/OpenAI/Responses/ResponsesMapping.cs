using Orchard.Responses;
using Orchard.Server.Generation;

namespace Orchard.Server.OpenAI.Responses;

/// <summary>Maps requests for responses to those of the client. Pure.</summary>
internal static class ResponsesMapping
{
    private const string LogprobsOfText = "message.output_text.logprobs";

    /// <summary>Returns the request of the client.</summary>
    /// <param name="request">The body.</param>
    /// <param name="items">The whole conversation.</param>
    /// <param name="ignored">Receives the names of fields that have no effect.</param>
    public static ResponseRequest ToRequest(ResponsesRequest request, IReadOnlyList<ResponseItem> items, ICollection<string> ignored)
    {
        Field metadata = new("metadata", request.Metadata);
        return new ResponseRequest
        {
            Input = items,
            Instructions = string.IsNullOrEmpty(request.Instructions) ? null : request.Instructions,
            Options = ToOptions(request, ignored),
            Metadata = metadata.IsAbsent
                ? new Dictionary<string, string>()
                : metadata.Members().GroupBy(static member => member.Name, StringComparer.Ordinal)
                    .ToDictionary(static group => group.Key, static group => group.Last().Field.ToText(), StringComparer.Ordinal),
        };
    }

    /// <summary>Whether the client reads reasoning from its summary.</summary>
    public static bool WantsSummary(ResponsesRequest request) =>
        new Field("reasoning", request.Reasoning) is { IsObject: true } reasoning
        && (!reasoning.Member("summary").IsAbsent || !reasoning.Member("generate_summary").IsAbsent);

    private static GenerationOptions ToOptions(ResponsesRequest request, ICollection<string> ignored)
    {
        GenerationOptions options = GenerationFields.ApplyTo(
            new GenerationOptions
            {
                Tools = ToolFields.Read(new Field("tools", request.Tools), ignored),
                IgnoreUnsupportedReasoning = true,
            },
            request.Fields,
            ignored);
        Field include = new("include", request.Include);
        if (!include.IsAbsent && include.ToTexts().Contains(LogprobsOfText))
        {
            options = options with { IncludeLogprobs = true };
        }

        Field reasoning = new("reasoning", request.Reasoning);
        options = reasoning.IsAbsent ? options : ReasoningField.Apply(options, reasoning);
        options = ApplyText(options, new Field("text", request.Text), ignored);
        ReadTruncation(new Field("truncation", request.Truncation), ignored);
        return ToolChoiceField.Apply(options, new Field("tool_choice", request.ToolChoice));
    }

    private static GenerationOptions ApplyText(GenerationOptions options, Field text, ICollection<string> ignored)
    {
        if (text.IsAbsent)
        {
            return options;
        }

        foreach ((string name, Field member) in text.Members())
        {
            if (name == "format")
            {
                options = member.IsAbsent ? options : options with { ResponseFormat = FormatField.Read(member) };
            }
            else
            {
                ignored.Add(member.Name);
            }
        }

        return options;
    }

    // "auto" is a permission, not a request.
    private static void ReadTruncation(Field truncation, ICollection<string> ignored)
    {
        if (!truncation.IsAbsent && truncation.ToText() != "disabled")
        {
            ignored.Add("truncation");
        }
    }
}
