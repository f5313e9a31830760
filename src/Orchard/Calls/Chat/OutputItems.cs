using System.Text;
using System.Text.Json;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Calls.Chat;

/// <summary>
/// Collects the reasoning and the tool calls of one answer from the state events of its deltas (wire specification 4.4). Ignores the
/// message text. Not thread-safe.
/// </summary>
/// <param name="tools">The tools that may be called; the arguments of calls are validated against them.</param>
internal sealed class OutputItems(IReadOnlyList<Tool> tools)
{
    private const string HeaderPrefix = "tool_call:";
    private const string ArgumentsIdentifier = "arguments";

    private readonly CallAssembly _calls = new(tools);
    private readonly StringBuilder _reasoning = new();
    private bool _hasReasoningSpan;

    public bool HasCalls => _calls.Count > 0;

    /// <summary>Reads the events of one delta.</summary>
    /// <param name="events">The events in order.</param>
    /// <param name="reasoning">The reasoning text that they add.</param>
    /// <returns>The parts of tool calls that they add.</returns>
    public IReadOnlyList<ToolCallDelta> Read(StateEvent[]? events, out string reasoning)
    {
        List<ToolCallDelta>? pieces = null;
        foreach (StateEvent step in events ?? [])
        {
            if (step.ItemType == OutputItemType.Reasoning)
            {
                AddReasoning(step);
            }
            else if (step.ItemType == OutputItemType.ToolCall && Read(step) is { } piece)
            {
                (pieces ??= []).Add(piece);
            }
        }

        reasoning = _reasoning.ToString();
        _reasoning.Clear();
        return pieces ?? (IReadOnlyList<ToolCallDelta>)[];
    }

    /// <summary>Completes the calls that the end of the answer cut off.</summary>
    public IEnumerable<ToolCallDelta> CutShort() =>
        _calls.Unfinished.Select(call => _calls.Complete(call, "", isCut: true));

    // A completed value repeats all text: it is new only if there was no span before.
    private void AddReasoning(StateEvent step)
    {
        if (step is { Type: StateEventType.ContentDelta, Delta: { } span })
        {
            _hasReasoningSpan |= span.Length > 0;
            _reasoning.Append(span);
        }
        else if (step is { Type: StateEventType.ItemCompleted, Value: { } whole } && !_hasReasoningSpan)
        {
            _reasoning.Append(whole);
        }

        if (step.Type is StateEventType.ItemStarted or StateEventType.ItemCompleted)
        {
            _hasReasoningSpan = false;
        }
    }

    private ToolCallDelta? Read(StateEvent step)
    {
        CallAssembly.OpenCall? call = _calls.Find(step.OutputIndex);
        bool isHeader = step.Identifier.StartsWith(HeaderPrefix, StringComparison.Ordinal);
        if (call is null)
        {
            if (!isHeader)
            {
                return null; // a repeated field of a call that is already complete
            }

            call = _calls.Open(step.OutputIndex, step.Identifier[HeaderPrefix.Length..]);
            return step.Type == StateEventType.ItemCompleted ? CompleteBy(call, step.Value) : CallAssembly.Piece(call, "");
        }

        return step switch
        {
            { Type: StateEventType.ContentDelta, Identifier: ArgumentsIdentifier, Delta: { Length: > 0 } span } =>
                CallAssembly.Append(call, span),
            { Type: StateEventType.ItemCompleted } when isHeader => CompleteBy(call, step.Value),
            { Type: StateEventType.ItemCompleted, Identifier: ArgumentsIdentifier, Value: { } value }
                when call.Arguments.Length == 0 => CallAssembly.Append(call, value),
            _ => null,
        };
    }

    // The header's value is the complete call. Arguments that arrived in parts are kept, because the caller already has them.
    private ToolCallDelta CompleteBy(CallAssembly.OpenCall call, string? value)
    {
        string missing = "";
        if (call.Arguments.Length == 0)
        {
            missing = ArgumentsOf(value) ?? "{}";
            call.Arguments.Append(missing);
        }

        return _calls.Complete(call, missing, isCut: false);
    }

    private static string? ArgumentsOf(string? value)
    {
        if (value is null)
        {
            return null;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(value);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("arguments", out JsonElement arguments)
                ? arguments.ValueKind == JsonValueKind.String ? arguments.GetString() : arguments.GetRawText()
                : null;
        }
        catch (JsonException)
        {
            return value;
        }
    }
}
