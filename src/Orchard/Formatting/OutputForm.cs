using Orchard.Formatting.Forms;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;

namespace Orchard.Formatting;

/// <summary>
/// How a model writes tool calls and reasoning. Found by rendering turns with its chat template, and sent to the engine, which parses the
/// output. Immutable.
/// </summary>
/// <param name="Calls">
/// The known family of the form of calls, for engines that know only families; none when the template belongs to none of them.
/// </param>
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

    /// <summary>The form of calls that was found; null for that of the family.</summary>
    public CallForm? Form { get; init; }

    /// <summary><see cref="Form"/> as it is sent; <see cref="FrameJson"/> if there is none.</summary>
    public string FormJson { get; init; } = "";

    /// <summary>What is around messages, as it is sent when calls are not in <see cref="Form"/>; empty if there is nothing.</summary>
    public string FrameJson { get; init; } = "";

    /// <summary>What marks calls, reasoning and messages in the template's own texts, whether or not it is a token.</summary>
    public IReadOnlyList<string> Marks { get; init; } = [];

    /// <summary>Whether the template shows calls in earlier turns, in whatever form.</summary>
    public bool ShowsCalls { get; init; }

    /// <summary>The template's variable that switches reasoning on and off; null if there is none.</summary>
    public ReasoningSwitch? Switch { get; init; }

    /// <summary>Whether the model reasons unless it is switched off.</summary>
    public bool ReasonsByDefault { get; init; } = true;

    /// <summary>How earlier turns with calls are given to the template.</summary>
    public HistoryForm History { get; init; } = HistoryForm.Default;

    /// <summary>Whether the template has a known format for tool calls.</summary>
    public bool HasCalls => Form is not null || Calls.Formats.Count > 0;

    /// <summary>Whether the model supports reasoning.</summary>
    public bool HasThinking => Thinking.Start.Length > 0 || Calls.Formats is [{ Name: ToolCallDialect.Harmony }, ..];

    /// <summary>Finds the output form of a chat template.</summary>
    /// <param name="template">Its text.</param>
    /// <param name="render">Renders it.</param>
    public static OutputForm Of(string template, RenderTemplate render)
    {
        ToolCallFormat? family = FamilyOf(template);
        if (family?.Name == ToolCallDialect.Harmony)
        {
            return new OutputForm(new ToolCallingTokens([family], "", ""), ThinkingTokens.None);
        }

        FoundForm found = FormProbe.Find(template, render);
        ReasoningSwitch? thinks = ReasoningSwitch.Find(render);

        // A template that shows calls in no known form is not taken for a family whose signs it has.
        bool isFamily = family is not null && (found.Calls is not null || !found.ShowsCalls);
        CallForm? form = family?.Name == ToolCallDialect.Llama3Json && found.Calls is not { IsSingle: false } ? null : found.Calls;
        string frame = found.Frame is ("", "")
            ? ""
            : CallFormJson.Write(new CallForm { MessageStart = found.Frame.Start, MessageEnd = found.Frame.End });
        return new OutputForm(isFamily ? new ToolCallingTokens([family!], "", "") : ToolCallingTokens.None, found.Thinking)
        {
            Form = form,
            FormJson = form is null ? frame : CallFormJson.Write(form),
            FrameJson = frame,
            ShowsCalls = found.ShowsCalls,
            Switch = thinks,
            ReasonsByDefault = thinks?.IsOnByDefault(render) != false,
            Marks = [.. (form?.Texts ?? []).Append(found.Thinking.Start).Append(found.Thinking.End).SelectMany(MarkUnits.In).Distinct()],
            History = found.History,
        };
    }

    /// <summary>Returns the known family of a template; null if it belongs to none.</summary>
    public static ToolCallFormat? FamilyOf(string template) =>
        Families.FirstOrDefault(family => Array.TrueForAll(family.Signs, sign => Has(template, sign))).Format;

    /// <summary>Returns the output form for a prompt, which may already contain the start of the reasoning.</summary>
    public OutputForm For(string prompt) =>
        Thinking.Start.Length > 0 && prompt.AsSpan().TrimEnd().EndsWith(Thinking.Start, StringComparison.Ordinal)
            ? this with { Thinking = Thinking with { Required = true } }
            : this;

    private static bool Has(string template, string sign) => template.Contains(sign, StringComparison.Ordinal);
}
