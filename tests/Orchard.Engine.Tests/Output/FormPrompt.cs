using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Tests.Output;

/// <summary>Prompts as clients send them for models of each tool call format.</summary>
internal static class FormPrompt
{
    public static WirePrompt Of(string format) => new()
    {
        ToolCallingTokens = new ToolCallingTokens(
            [
                format switch
                {
                    "llama3_json" => new ToolCallFormat { Name = format, CallStart = "<|python_tag|>" },
                    "mistral" => new ToolCallFormat { Name = format, CallStart = "[TOOL_CALLS]" },
                    "functionary" or "harmony" => new ToolCallFormat { Name = format },
                    _ => new ToolCallFormat { Name = format, CallStart = "<tool_call>\n", CallEnd = "\n</tool_call>" },
                },
            ],
            "",
            ""),
        ThinkingTokens = format is "harmony" or "llama3_json" or "mistral" ? ThinkingTokens.None : new ThinkingTokens("<think>", "</think>", format == "thinking"),
        ToolSchemasJson =
            """
            [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string", "maxLength": 20}, "unit": {"enum": ["C", "F"]}}, "required": ["city"]}}},
             {"name": "add", "parameters": {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}},
             {"name": "stop", "parameters": {"type": "object", "properties": {}}}]
            """,
    };
}
