using Orchard.Protocol.Messages.Requests;

namespace Orchard.Formatting.Forms;

/// <summary>Finds how reasoning begins and ends by rendering turns with and without it. Pure.</summary>
internal static class ReasoningProbe
{
    private const string Reasoning = "rprobe";
    private const string Text = "mprobe";

    private static readonly string[] Sides = ["START", "BEGIN", "OPEN", "END", "CLOSE"];
    private static readonly string[] Kinds = ["THINK", "THOUGHT", "REASON", "INNER"];

    private static readonly (string Start, string End)[] KnownMarks =
    [
        ("[THINK]", "[/THINK]"),
        ("<seed:think>", "</seed:think>"),
        ("<|START_THINKING|>", "<|END_THINKING|>"),
        ("<|channel>thought", "<channel|>"),
        ("<think>", "</think>"),
    ];

    /// <summary>Returns the marks of a template's reasoning, without white space around them; none if there are none.</summary>
    /// <param name="source">The template's text.</param>
    /// <param name="render">Renders the template.</param>
    public static ThinkingTokens Find(string source, RenderTemplate render) =>
        FromTurns(new TurnRenderer(render, thinks: true)) ?? FromTurns(new TurnRenderer(render, thinks: null)) ?? FromSource(source);

    private static ThinkingTokens? FromTurns(TurnRenderer renderer)
    {
        string? with = renderer.Whole(new ProbeTurn(Text, Reasoning), hasTools: false);
        string? without = renderer.Whole(new ProbeTurn(Text, null), hasTools: false);
        if (with is null || without is null || Between(with, Reasoning, Text) is not { } end || end.Trim().Length == 0)
        {
            return null;
        }

        int at = with.IndexOf(Reasoning, StringComparison.Ordinal);
        string start = with[FormText.CommonStart(with, without).Length..Math.Max(at, 0)].Trim();
        if (renderer.Prompt(hasTools: false) is { } prompt && with.StartsWith(prompt, StringComparison.Ordinal)
            && with[prompt.Length..Math.Max(at, prompt.Length)].Trim() is { Length: > 0 } written
            && written.Length > start.Length && written.EndsWith(start, StringComparison.Ordinal))
        {
            start = written; // it begins like any other message
        }

        if (start.Length == 0 || start.Contains(Text, StringComparison.Ordinal) || FormText.CommonStart(with, without).Length > at)
        {
            // An empty reasoning is written too: then the last mark starts it.
            start = MarkUnits.In(with[..at]).LastOrDefault("");
            start = with[..at].TrimEnd().EndsWith(start, StringComparison.Ordinal) ? start : "";
        }

        // The counterpart of the mark that starts it ends it, whatever follows.
        if (MarkUnits.In(end).FirstOrDefault() is { } mark && IsPair(start, mark))
        {
            return new ThinkingTokens(start, end[..(end.IndexOf(mark, StringComparison.Ordinal) + mark.Length)].Trim(), false);
        }

        // What is before every message is not the end of the reasoning.
        string? message = renderer.Write(new ProbeTurn(Text, null), HistoryForm.Default, hasTools: false);
        string frame = message is not null && message.IndexOf(Text, StringComparison.Ordinal) is var length and >= 0
            ? FormText.CommonEnd(message[..length], end).TrimStart()
            : "";
        end = end.EndsWith(frame, StringComparison.Ordinal)
            && end.Trim().Length > frame.Trim().Length
            && !message!.Contains(end.Trim(), StringComparison.Ordinal)
            ? end[..^frame.Length].Trim()
            : end.Trim();
        return start.Length > 0 && start != end ? new ThinkingTokens(start, end, false) : null;
    }

    private static bool IsPair(string start, string mark) =>
        start != mark
        && MarkUnits.In(start).LastOrDefault() is { } first
        && NameOf(first) is { Length: > 0 } name
        && name == NameOf(mark);

    private static bool IsReasoning(string mark) =>
        Array.Exists(Kinds, kind => NameOf(mark).Contains(kind, StringComparison.Ordinal));

    private static bool IsEnd(string mark) =>
        mark.Contains('/', StringComparison.Ordinal)
        || Letters(mark).StartsWith("END", StringComparison.Ordinal)
        || Letters(mark).EndsWith("SUFFIX", StringComparison.Ordinal);

    private static string NameOf(string mark)
    {
        string name = Letters(mark);
        return Array.Find(Sides, side => name.StartsWith(side, StringComparison.Ordinal) && name.Length > side.Length) is { } prefix
                ? name[prefix.Length..]
            : name.EndsWith("PREFIX", StringComparison.Ordinal) || name.EndsWith("SUFFIX", StringComparison.Ordinal) ? name[..^6]
            : name;
    }

    private static string Letters(string mark) => string.Concat(mark.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private static ThinkingTokens FromSource(string source)
    {
        foreach ((string start, string end) in KnownMarks)
        {
            if (source.Contains(start, StringComparison.Ordinal) && source.Contains(end, StringComparison.Ordinal))
            {
                return new ThinkingTokens(start, end, false);
            }
        }

        string[] marks = [.. MarkUnits.In(source).Distinct()];
        foreach (string mark in marks.Where(IsReasoning))
        {
            if (Array.Find(marks, other => IsPair(mark, other)) is { } end)
            {
                return IsEnd(mark) ? new ThinkingTokens(end, mark, false) : new ThinkingTokens(mark, end, false);
            }
        }

        return source.Contains("<think>", StringComparison.Ordinal)
            || source.Contains("</think>", StringComparison.Ordinal)
            || source.Contains(TemplateVariables.EnableThinking, StringComparison.Ordinal)
            ? new ThinkingTokens("<think>", "</think>", false)
            : ThinkingTokens.None;
    }

    private static string? Between(string text, string first, string second)
    {
        int start = text.IndexOf(first, StringComparison.Ordinal);
        int end = start < 0 ? -1 : text.IndexOf(second, start, StringComparison.Ordinal);
        return end < 0 ? null : text[(start + first.Length)..end];
    }
}
