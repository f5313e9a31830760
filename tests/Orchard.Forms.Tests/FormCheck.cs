using Orchard.Engine.Output;
using Orchard.Formatting;
using Orchard.Grammars.Tests;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Forms.Tests;

/// <summary>Holds the form that was found in a template against what its model writes.</summary>
internal sealed class FormCheck(ModelTemplate template)
{
    private static readonly (string Text, string? Reasoning)[] Variations =
        [(ModelOutput.Answer, null), ("", ModelOutput.Reasoning), (ModelOutput.Answer, ModelOutput.Reasoning)];

    private readonly List<string> _problems = [];

    /// <summary>What is wrong; empty if nothing is.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Checks an output with calls, and variations of it that the template shows.</summary>
    public void Calls(ModelOutput output)
    {
        RenderedPrompt prompt = template.Prompt(ModelOutput.Tools);
        List<ToolCall> calls = [.. ModelOutput.Calls.Take(output.CallCount)];
        Check("calls", output.Output, After(prompt, output), calls);
        if (prompt.Output.Calls.Formats is [{ Name: ToolCallDialect.Harmony }, ..])
        {
            return; // its template shows text before calls as reasoning
        }

        foreach ((string text, string? reasoning) in Variations)
        {
            Message turn = new Message(MessageRole.Assistant, text) { Reasoning = reasoning }.WithCalls(calls, null);
            if (Find(turn, ModelOutput.Tools) is var (before, written, thinks)
                && !IsTextLast(written, calls[^1].Name) && !EndsTwice(written, before, calls[0].Name))
            {
                Check($"{(reasoning is null ? "" : "reasoning, ")}{(text.Length > 0 ? "text, " : "")}calls", written, before, calls, thinks);
            }
        }
    }

    /// <summary>Checks an output with reasoning and an answer.</summary>
    public void Reasoning(ModelOutput output)
    {
        RenderedPrompt prompt = After(template.Prompt([]), output);
        Check("reasoning", output.Output, IsOpen(prompt, output.Output) ? prompt : After(template.Prompt([], thinks: true), output), []);
    }

    // An output may begin earlier than the prompt of a new turn ends.
    private static RenderedPrompt After(RenderedPrompt prompt, ModelOutput output) => prompt with { Output = prompt.Output.For(output.Prompt) };

    // The prompt after which a model writes a turn: if it reasons, reasoning may have to be switched on.
    private (RenderedPrompt Prompt, string Written, bool? Thinks)? Find(Message turn, IReadOnlyList<Tool> tools)
    {
        foreach (bool? thinks in new bool?[] { null, true })
        {
            RenderedPrompt prompt = template.Prompt(tools, thinks);
            if (template.Written(turn, prompt, tools, thinks) is not { } written)
            {
                continue;
            }

            ThinkingTokens thinking = prompt.Output.Thinking;
            if (thinking.Required && !written.Contains(thinking.End, StringComparison.Ordinal))
            {
                // The template drops reasoning from history, so the turn looks otherwise there than when it is written.
                written = $"{ModelOutput.Reasoning}\n{thinking.End}\n\n{written.TrimStart()}";
            }

            if (!written.Contains(ModelOutput.Reasoning, StringComparison.Ordinal) || IsOpen(prompt, written))
            {
                return (prompt, written, thinks);
            }
        }

        return null;
    }

    private static bool IsOpen(RenderedPrompt prompt, string written) =>
        prompt.Output.Thinking.Required
        || prompt.Output.Calls.Formats is [{ Name: ToolCallDialect.Harmony }, ..]
        || (prompt.Output.HasThinking && written.TrimStart().StartsWith(prompt.Output.Thinking.Start, StringComparison.Ordinal));

    private static bool IsTextLast(string written, string name) =>
        written.IndexOf(ModelOutput.Answer, StringComparison.Ordinal) > written.LastIndexOf(name, StringComparison.Ordinal);

    // Some templates write text and calls as two turns.
    private bool EndsTwice(string written, RenderedPrompt prompt, string name) =>
        EndOf(prompt) is { Length: > 0 } end
        && written.IndexOf(end, StringComparison.Ordinal) is >= 0 and int at
        && at < written.LastIndexOf(name, StringComparison.Ordinal)
        && prompt.Output.Thinking.End.Contains(end, StringComparison.Ordinal) == false;

    private void Check(string what, string output, RenderedPrompt prompt, List<ToolCall> calls, bool? thinks = null)
    {
        IReadOnlyList<Tool> tools = calls.Count > 0 ? ModelOutput.Tools : [];
        string written = WithoutEnd(output, prompt, calls);
        (string Text, string Item)[] parts =
        [
            (ModelOutput.Reasoning, $"reasoning {ModelOutput.Reasoning}"),
            (ModelOutput.Answer, $"text {ModelOutput.Answer}"),
            .. calls.Select(call => (call.Name, OutputItems.Call(call.Name, call.Arguments))),
        ];
        string[] expected =
        [
            .. parts.Where(part => written.Contains(part.Text, StringComparison.Ordinal))
                .OrderBy(part => written.IndexOf(part.Text, StringComparison.Ordinal))
                .Select(part => part.Item),
        ];
        OutputRules rules = ModelTemplate.Rules(prompt, tools, ToolChoice.Auto);
        for (int length = 1; length <= written.Length; length++)
        {
            IReadOnlyList<string> items = OutputItems.In(written, rules.Syntax, length);
            if (!expected.SequenceEqual(items.Select(Normalize)))
            {
                _problems.Add($"{what}, {length} characters at once: {Show(written)} is read as {string.Join(" | ", items.Select(Show))}");
                break;
            }
        }

        if (rules.Grammar?.Matches(written) == false)
        {
            _problems.Add($"{what}: the grammar does not allow {Show(written)}");
        }

        if (calls.Count > 0 && !written.Contains(ModelOutput.Answer, StringComparison.Ordinal)
            && !ModelTemplate.Rules(prompt, tools, ToolChoice.Required, written.Contains(ModelOutput.Reasoning, StringComparison.Ordinal) ? true : thinks).Grammar!.Matches(written))
        {
            _problems.Add($"{what}: the grammar of required calls does not allow {Show(written)}");
        }
    }

    // The engine ends the output at the token that ends the turn.
    private string WithoutEnd(string output, RenderedPrompt prompt, List<ToolCall> calls)
    {
        ThinkingTokens thinking = prompt.Output.Thinking;
        if (thinking.End.Length > 0 && prompt.Text.TrimEnd().EndsWith(thinking.End, StringComparison.Ordinal)
            && output.StartsWith(thinking.End, StringComparison.Ordinal))
        {
            output = output[thinking.End.Length..]; // it is in the prompt already
        }

        string end = EndOf(prompt);
        int at = end.Length > 0 ? output.LastIndexOf(end, StringComparison.Ordinal) : -1;
        int last = calls.Count > 0 ? output.LastIndexOf(calls[^1].Name, StringComparison.Ordinal) : 0;
        return (at <= last ? output : output[..at]).TrimEnd();
    }

    private string EndOf(RenderedPrompt prompt)
    {
        string? answer = template.Written(Message.Assistant(ModelOutput.Answer), prompt, [])
            ?? template.Written(Message.Assistant(ModelOutput.Answer), prompt, ModelOutput.Tools);
        int end = answer?.LastIndexOf(ModelOutput.Answer, StringComparison.Ordinal) ?? -1;
        string tail = end < 0 ? "" : answer![(end + ModelOutput.Answer.Length)..];
        string messageEnd = prompt.Output.Form?.MessageEnd.Trim() ?? "";
        return MarkUnits.In(tail).FirstOrDefault(mark => mark != messageEnd) ?? tail.Trim();
    }

    // How much white space is around a message is no matter of its form.
    private static string Normalize(string item) => item.StartsWith("text ", StringComparison.Ordinal) ? $"text {item[5..].Trim()}" : item;

    private static string Show(string text) => text.Replace("\n", "\\n", StringComparison.Ordinal);
}
