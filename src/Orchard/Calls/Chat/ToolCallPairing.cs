using Orchard.Validation;

namespace Orchard.Calls.Chat;

/// <summary>Checks that each tool call of a conversation has an id, a known tool and a result. Not thread-safe.</summary>
/// <param name="item">What the conversation consists of, for messages: "Message" or "Input item".</param>
/// <param name="parameter">Name of the checked parameter.</param>
/// <param name="resultName">What adds a result, for messages.</param>
/// <param name="tools">The tools that can be called; null or empty for any.</param>
internal sealed class ToolCallPairing(string item, string parameter, string resultName, IReadOnlyList<Tool>? tools)
{
    private const int MaxNamedTools = 20;

    private readonly Dictionary<string, int> _waiting = new(StringComparer.Ordinal); // call ids without a result, with their indexes
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">The call has no id, a used one, an unknown tool, or arguments that cannot be sent.</exception>
    public void AddCall(string? id, string? name, string? arguments, int index)
    {
        Require(!string.IsNullOrEmpty(id) && Utf16.IsWellFormed(id), $"{item} {index} has a tool call without a valid id.");
        Require(
            arguments is not null && Utf16.IsWellFormed(arguments),
            $"{item} {index} has the tool call '{id}', whose arguments are null or contain an unpaired surrogate.");
        Require(
            !string.IsNullOrEmpty(name) && (tools is null or [] || tools.Any(tool => tool?.Name == name)),
            $"{item} {index} calls the tool '{name}', which is not one of the Tools: {Names()}.");
        Require(_seen.Add(id!), $"{item} {index} has a tool call with the id '{id}', which another call of the conversation already has.");
        _waiting.Add(id!, index);
    }

    /// <exception cref="ArgumentException">No call with this id waits for a result.</exception>
    public void AddResult(string? callId, int index) => Require(
        callId is not null && _waiting.Remove(callId),
        $"{item} {index} is the result of the tool call '{callId}', but no such call is waiting for a result; waiting: {Waiting()}.");

    /// <summary>Checks that all calls have results.</summary>
    /// <param name="next">Index of the next item; null at the end of the conversation.</param>
    /// <exception cref="ArgumentException">A call has no result.</exception>
    public void RequireResults(int? next = null)
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        (string id, int index) = _waiting.MinBy(static call => call.Value);
        string where = next is null ? "" : $" before {item.ToLowerInvariant()} {next}";
        throw new ArgumentException($"{item} {index} has the tool call '{id}', which has no result{where}. Add a {resultName}.", parameter);
    }

    private string Waiting() => _waiting.Count == 0 ? "none" : string.Join(", ", _waiting.Keys);

    private string Names() => string.Join(", ", tools?.Take(MaxNamedTools).Select(static tool => tool?.Name) ?? []);

    private void Require(bool condition, string message) => OptionRange.ThrowIf(!condition, parameter, message);
}
