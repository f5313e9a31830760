using System.Text.Json;
using Orchard.Calls.Chat;
using Orchard.Remote.Wire;

namespace Orchard.Remote.Chat;

/// <summary>
/// The tool calls of one candidate. The server's indexes and ids only tell its calls apart; those of the caller are this library's. Not
/// thread-safe.
/// </summary>
/// <param name="options">The options of the conversation.</param>
internal sealed class CandidateCalls(GenerationOptions options)
{
    private const int MaxCalls = 128;
    private const int MaxArguments = 8 << 20;

    private readonly CallAssembly _calls = new(options.Tools);
    private readonly List<string?> _ids = [];
    private int _lastKey = -1;

    /// <summary>Whether there are calls.</summary>
    public bool HasCalls => _calls.Count > 0;

    /// <summary>Reads the parts of an event.</summary>
    /// <exception cref="JsonException">There are too many calls, or their arguments are too long.</exception>
    public ToolCallDelta[] Read(List<ChunkCall> parts)
    {
        var deltas = new List<ToolCallDelta>(parts.Count);
        foreach (ChunkCall part in parts)
        {
            Read(part, deltas);
        }

        return [.. deltas];
    }

    /// <summary>Ends the calls.</summary>
    /// <param name="reason">Why the answer ended.</param>
    public List<ToolCallDelta> End(FinishReason reason) =>
        [.. _calls.Unfinished.Select(call => End(call, reason is not (FinishReason.Stop or FinishReason.ToolCalls)))];

    private void Read(ChunkCall part, List<ToolCallDelta> deltas)
    {
        bool isNamed = part.Name is { Length: > 0 };
        int key = part.Index ?? (isNamed ? _lastKey + 1 : _lastKey);
        _lastKey = key;
        CallAssembly.OpenCall? call = _calls.Find(key);
        if (call is not null && isNamed && part.Id is { Length: > 0 } id && _ids[call.Index] is { } known && known != id)
        {
            deltas.Add(End(call, isCut: false)); // a server that gives every call the same index
            call = null;
        }

        if (call is null)
        {
            if (!isNamed || _calls.Count >= options.MaxToolCalls)
            {
                return; // a part of a call that was left out
            }

            JsonShape.Expect(_calls.Count < MaxCalls, "tool_calls");
            call = _calls.Open(key, part.Name!);
            _ids.Add(part.Id);
            deltas.Add(CallAssembly.Piece(call, ""));
        }

        if (part.Arguments is { Length: > 0 } arguments)
        {
            JsonShape.Expect(call.Arguments.Length + arguments.Length <= MaxArguments, "arguments");
            deltas.Add(CallAssembly.Append(call, arguments));
        }
    }

    private ToolCallDelta End(CallAssembly.OpenCall call, bool isCut)
    {
        if (isCut && !IsJson(call.Arguments.ToString()))
        {
            return _calls.Complete(call, "", isCut: true);
        }

        string missing = call.Arguments.Length == 0 ? "{}" : "";
        call.Arguments.Append(missing);
        return _calls.Complete(call, missing, isCut: false);
    }

    private static bool IsJson(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
