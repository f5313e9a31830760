using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchard.Remote.Errors;

/// <summary>Recognizes errors about the length of a prompt, and finds the numbers in their messages. Pure.</summary>
internal static partial class ContextNumbers
{
    /// <summary>Returns whether an error says that a prompt is too long.</summary>
    public static bool IsContextError(ErrorDetails error) =>
        error.Code is "context_length_exceeded"
        || error.Type is "exceed_context_size_error" or "context_length_exceeded"
        || Said().IsMatch(error.Message);

    /// <summary>Returns the context length; null if the error does not name it.</summary>
    public static int? ContextLength(ErrorDetails error) => error.ContextLength ?? Find(Limit(), error.Message);

    /// <summary>Returns the tokens of the prompt; null if the error does not name them.</summary>
    public static int? PromptTokens(ErrorDetails error) => error.PromptTokens ?? Find(Prompt(), error.Message);

    private static int? Find(Regex pattern, string message)
    {
        Match match = pattern.Match(message);
        return match.Success
            && int.TryParse(
                match.Groups.Cast<Group>().Skip(1).First(static group => group.Success).Value.Replace(",", "", StringComparison.Ordinal),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out int number)
            ? number
            : null;
    }

    // vLLM: "maximum context length is 4096 tokens", "longer than the maximum model length of 4096"; SGLang: "longer than the model's
    // context length"; llama-server: "exceeds the available context size"; LM Studio: "context length of only 4096".
    [GeneratedRegex(
        @"maximum context length|maximum model length|model's context length|available context size|context length of only|"
        + "exceeds? the (model's )?context|context (window|size|length) (is |was )?exceeded|prompt is too long",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Said();

    [GeneratedRegex(
        @"maximum context length (?:is|of) ([0-9][0-9,]{0,12})|maximum model length of ([0-9][0-9,]{0,12})|"
        + @"context length \(([0-9][0-9,]{0,12}) tokens|context size \(([0-9][0-9,]{0,12}) tokens|"
        + "context length of only ([0-9][0-9,]{0,12})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Limit();

    [GeneratedRegex(
        @"\(([0-9][0-9,]{0,12}) in the messages|([0-9][0-9,]{0,12}) tokens? from the input|request has ([0-9][0-9,]{0,12}) input tokens|"
        + @"prompt \(length ([0-9][0-9,]{0,12})\)|the input \(([0-9][0-9,]{0,12}) tokens|messages resulted in ([0-9][0-9,]{0,12}) tokens|"
        + @"prompt contains (?:at least )?([0-9][0-9,]{0,12}) |request \(([0-9][0-9,]{0,12}) tokens",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Prompt();
}
