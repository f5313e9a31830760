using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;

namespace Orchard.Engine.Output.Calls;

/// <summary>The supported formats of tool calls.</summary>
internal static class CallFormats
{
    /// <summary>
    /// Returns the format of a request, or null if the request does not specify one. An unknown format is handled as JSON between its
    /// markers.
    /// </summary>
    /// <exception cref="ArgumentException">The form of the request cannot be read.</exception>
    public static CallFormat? Find(WirePrompt prompt, ToolSet tools)
    {
        if (prompt.Extensions.CallForm.Length > 0 && CallFormJson.Parse(prompt.Extensions.CallForm) is { HasCalls: true } form)
        {
            return new FormFormat(form, tools);
        }

        ToolCallingTokens tokens = prompt.ToolCallingTokens;
        if (tokens.Formats is not [ToolCallFormat format, ..])
        {
            return null;
        }

        string start = format.CallStart.Trim();
        string end = format.CallEnd.Trim();
        return format.Name switch
        {
            ToolCallDialect.Llama3Json => new BareJsonFormat(start),
            ToolCallDialect.Mistral => new MistralFormat(start.Length > 0 ? start : MistralFormat.DefaultStart),
            ToolCallDialect.Functionary => new FunctionaryFormat(),
            _ when start.Length > 0 => new TagFormat(start, end, isXml: format.Name == ToolCallDialect.QwenXml),
            _ => null,
        };
    }
}
