using Orchard.Protocol.Messages.Requests;

namespace Orchard.Formatting;

/// <summary>
/// How a model writes what is no plain message: its calls of tools, and its thinking. Found in its chat template, which shows the model
/// its own earlier turns in that form, and told to the engine, which takes the output apart. Immutable.
/// </summary>
/// <param name="Calls">The marks of its calls; none when it has no form for them that we know.</param>
/// <param name="Thinking">The marks of its thinking; none when it does not think, or thinks in channels.</param>
internal sealed record OutputForm(ToolCallingTokens Calls, ThinkingTokens Thinking)
{
    private static readonly ToolCallFormat Hermes = new() { Name = ToolCallDialect.Hermes, CallStart = "<tool_call>\n", CallEnd = "\n</tool_call>" };

    // The first whose signs are all in the template. The order matters: some know the marks of others too.
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
        (new ToolCallFormat { Name = ToolCallDialect.QwenXml, CallStart = "<tool_call>\n", CallEnd = "\n</tool_call>" }, ["<function=", "<parameter="]),
        (new ToolCallFormat { Name = ToolCallDialect.Functionary, CallStart = "<function=", CallEnd = "</function>" }, ["<function="]),
        (Hermes, ["<tool_call>"]),
        (new ToolCallFormat { Name = ToolCallDialect.Llama3Json, CallStart = "<|python_tag|>" }, ["<|python_tag|>"]),
        (new ToolCallFormat { Name = ToolCallDialect.Llama3Json }, ["ipython", "parameters"]),
    ];

    /// <summary>The form that a model is told of when its template has none: calls as JSON between two tags.</summary>
    public static ToolCallingTokens Generic { get; } = new([Hermes], "", "");

    /// <summary>Whether the model has a form of its own for calls.</summary>
    public bool HasCalls => Calls.Formats.Count > 0;

    /// <summary>Whether the model thinks.</summary>
    public bool HasThinking => Thinking.Start.Length > 0 || Calls.Formats is [{ Name: ToolCallDialect.Harmony }, ..];

    /// <summary>The form of models with this template.</summary>
    public static OutputForm Of(string template)
    {
        ToolCallFormat? format = Families.FirstOrDefault(family => Array.TrueForAll(family.Signs, sign => Has(template, sign))).Format;
        return new OutputForm(format is null ? ToolCallingTokens.None : new ToolCallingTokens([format], "", ""), FindThinking(template, format));
    }

    /// <summary>The same for one prompt, which may have begun the thinking already.</summary>
    public OutputForm For(string prompt) => Thinking.Start.Length > 0 && prompt.AsSpan().TrimEnd().EndsWith(Thinking.Start, StringComparison.Ordinal)
        ? this with { Thinking = Thinking with { Required = true } }
        : this;

    private static ThinkingTokens FindThinking(string template, ToolCallFormat? format) =>
        format?.Name == ToolCallDialect.Harmony ? ThinkingTokens.None
        : Has(template, "[THINK]") ? new ThinkingTokens("[THINK]", "[/THINK]", false)
        : Has(template, "<think>") || Has(template, "</think>") || Has(template, "enable_thinking") ? new ThinkingTokens("<think>", "</think>", false)
        : ThinkingTokens.None;

    private static bool Has(string template, string sign) => template.Contains(sign, StringComparison.Ordinal);
}
