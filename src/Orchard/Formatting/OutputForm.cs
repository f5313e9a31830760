using Orchard.Protocol.Messages.Requests;

namespace Orchard.Formatting;

/// <summary>
/// How a model writes tool calls and reasoning. Detected from its chat template, which renders earlier turns in that form, and sent to the
/// engine, which parses the output. Immutable.
/// </summary>
/// <param name="Calls">Tokens around tool calls; none when the template has no known format for them.</param>
/// <param name="Thinking">Tokens around reasoning; none when the model does not reason, or reasons in Harmony's channels.</param>
internal sealed record OutputForm(ToolCallingTokens Calls, ThinkingTokens Thinking)
{
    private static readonly ToolCallFormat Hermes =
        new() { Name = ToolCallDialect.Hermes, CallStart = "<tool_call>\n", CallEnd = "\n</tool_call>" };

    // The first format whose signs are all in the template is used. The order matters: some templates contain signs of other formats too.
    private static readonly (ToolCallFormat Format, string[] Signs)[] Families =
    [
        (
            new ToolCallFormat
            {
                Name = ToolCallDialect.Harmony,
                CallStart = "<|start|>",
                Channel = "<|channel|>",
                RecipientPrefix = " to=functions.",
                ConstraintPrefix = "<|constrain|>",
                Constraint = "json",
                Message = "<|message|>",
                CallEnd = "<|call|>",
            },
            ["<|channel|>", "<|message|>"]),
        (new ToolCallFormat { Name = ToolCallDialect.Mistral, CallStart = "[TOOL_CALLS]" }, ["[TOOL_CALLS]"]),
        (
            new ToolCallFormat { Name = ToolCallDialect.QwenXml, CallStart = "<tool_call>\n", CallEnd = "\n</tool_call>" },
            ["<function=", "<parameter="]),
        (new ToolCallFormat { Name = ToolCallDialect.Functionary, CallStart = "<function=", CallEnd = "</function>" }, ["<function="]),
        (Hermes, ["<tool_call>"]),
        (new ToolCallFormat { Name = ToolCallDialect.Llama3Json, CallStart = "<|python_tag|>" }, ["<|python_tag|>"]),
        (new ToolCallFormat { Name = ToolCallDialect.Llama3Json }, ["ipython", "parameters"]),
    ];

    /// <summary>The format described to a model whose template has none: calls as JSON between two tags.</summary>
    public static ToolCallingTokens Generic { get; } = new([Hermes], "", "");

    /// <summary>Whether the template has a known format for tool calls.</summary>
    public bool HasCalls => Calls.Formats.Count > 0;

    /// <summary>Whether the model supports reasoning.</summary>
    public bool HasThinking => Thinking.Start.Length > 0 || Calls.Formats is [{ Name: ToolCallDialect.Harmony }, ..];

    /// <summary>Detects the output form of a chat template.</summary>
    public static OutputForm Of(string template)
    {
        ToolCallFormat? format = Families.FirstOrDefault(family => Array.TrueForAll(family.Signs, sign => Has(template, sign))).Format;
        return new OutputForm(
            format is null ? ToolCallingTokens.None : new ToolCallingTokens([format], "", ""),
            FindThinking(template, format));
    }

    /// <summary>Returns the output form for a prompt, which may already contain the start of the reasoning.</summary>
    public OutputForm For(string prompt) =>
        Thinking.Start.Length > 0 && prompt.AsSpan().TrimEnd().EndsWith(Thinking.Start, StringComparison.Ordinal)
            ? this with { Thinking = Thinking with { Required = true } }
            : this;

    private static ThinkingTokens FindThinking(string template, ToolCallFormat? format) =>
        format?.Name == ToolCallDialect.Harmony ? ThinkingTokens.None
        : Has(template, "[THINK]") ? new ThinkingTokens("[THINK]", "[/THINK]", false)
        : Has(template, "<think>") || Has(template, "</think>") || Has(template, "enable_thinking")
            ? new ThinkingTokens("<think>", "</think>", false)
        : ThinkingTokens.None;

    private static bool Has(string template, string sign) => template.Contains(sign, StringComparison.Ordinal);
}
