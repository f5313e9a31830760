using Orchard.Validation;

namespace Orchard.Calls.Chat;

/// <summary>What tools, choices and conversations with calls have to keep to. Pure.</summary>
internal static class ToolRules
{
    public const int ToolLimit = 1024;

    /// <exception cref="ArgumentException">Tools, choice and limits contradict each other. The message names the option.</exception>
    public static void Check(GenerationOptions options)
    {
        OptionRange.Require(options.Tools is { Count: <= ToolLimit }, options.Tools?.Count, "at most 1024 tools, not null", nameof(options.Tools));
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (Tool tool in options.Tools!)
        {
            Require(tool is not null, nameof(options.Tools), "A tool is null.");
            Require(names.Add(tool!.Name), nameof(options.Tools), $"There are two tools with the name '{tool.Name}'.");
        }

        CheckChoice(options, names);
        CheckLimits(options);
        Require(
            options is not { EnableThinking: false, ThinkingEffort: not null }, nameof(options.ThinkingEffort),
            $"ThinkingEffort is {options.ThinkingEffort}, but EnableThinking is false. Leave one of them at null.");
    }

    /// <exception cref="ArgumentException">A call or a result has no counterpart, or a tool is not among the options'.</exception>
    public static void Check(IReadOnlyList<Message> messages, GenerationOptions options)
    {
        var open = new Dictionary<string, string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < messages.Count; i++)
        {
            Message message = messages[i];
            if (message.Role == MessageRole.Tool)
            {
                Require(
                    message.ToolCallId is { } answered && open.Remove(answered), nameof(messages),
                    $"Message {i} is the result of the call '{message.ToolCallId}', but no such call waits for one: {(open.Count == 0 ? "none does" : string.Join(", ", open.Keys))}.");
                continue;
            }

            RequireAnswers(open, i);
            foreach (ToolCall call in message.ToolCalls)
            {
                CheckCall(call, i, message.Role, options);
                Require(seen.Add(call.Id), nameof(messages), $"Message {i} has a call with the id '{call.Id}', which another call of the conversation has already.");
                open.Add(call.Id, call.Name);
            }
        }

        RequireAnswers(open, messages.Count);
    }

    private static void CheckChoice(GenerationOptions options, HashSet<string> names)
    {
        Require(options.ToolChoice is not null, nameof(options.ToolChoice), "ToolChoice is null; use ToolChoice.Auto.");
        ToolChoice choice = options.ToolChoice!;
        Require(
            choice.Kind is ToolChoiceKind.Auto or ToolChoiceKind.None || names.Count > 0, nameof(options.ToolChoice),
            "ToolChoice asks for a call, but there are no Tools.");
        Require(
            choice.Name is null || names.Contains(choice.Name), nameof(options.ToolChoice),
            $"ToolChoice names '{choice.Name}', which is not among the Tools: {string.Join(", ", names)}.");
    }

    private static void CheckLimits(GenerationOptions options)
    {
        OptionRange.Require(options.MinToolCalls is >= 1 and <= 128, options.MinToolCalls, "1 to 128", nameof(options.MinToolCalls));
        if (options.MaxToolCalls is { } max)
        {
            OptionRange.Require(
                max >= options.MinToolCalls && max <= 128, max, $"{options.MinToolCalls} (MinToolCalls) to 128, or null", nameof(options.MaxToolCalls));
        }

        Require(
            options is not { IgnoreEndOfSequence: true, Tools.Count: > 0 }, nameof(options.IgnoreEndOfSequence),
            "IgnoreEndOfSequence cannot be set together with Tools: a call ends the answer.");
    }

    private static void CheckCall(ToolCall? call, int index, MessageRole role, GenerationOptions options)
    {
        Require(call is not null, "messages", $"Message {index} has a call that is null.");
        Require(role == MessageRole.Assistant, "messages", $"Message {index} has calls of tools, but it is not the assistant's.");
        Require(
            !string.IsNullOrEmpty(call!.Id) && Utf16.IsWellFormed(call.Id), "messages", $"Message {index} has a call without an id that can be sent.");
        Require(
            call.Arguments is not null && Utf16.IsWellFormed(call.Arguments), "messages", $"The arguments of the call '{call.Id}' cannot be sent.");
        Require(
            !string.IsNullOrEmpty(call.Name) && (options.Tools.Count == 0 || options.Tools.Any(tool => tool.Name == call.Name)), "messages",
            $"Message {index} has a call of the tool '{call.Name}', which is not among the Tools: {string.Join(", ", options.Tools.Take(20))}.");
    }

    private static void RequireAnswers(Dictionary<string, string> open, int next) => Require(
        open.Count == 0, "messages",
        $"The call {string.Join(", ", open.Select(call => $"'{call.Key}' of '{call.Value}'"))} has no result before message {next}. Add one with Message.Tool.");

    private static void Require(bool condition, string name, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message, name);
        }
    }
}
