using System.Text;
using System.Text.Json;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Testing.Wire;

/// <summary>The state events of one sequence, as a real engine writes them. An answer that is message only has none.</summary>
/// <param name="omitsValues">Whether completed items come without their value, as the request asked.</param>
internal sealed class ItemScript(bool omitsValues)
{
    private readonly StringBuilder _text = new();
    private OutputItemType _type = OutputItemType.Unknown;
    private string _callee = "";
    private int _index = -1;

    /// <summary>Null while all was message: its content says it.</summary>
    public StateEvent[]? Say(string text) => _index < 0 ? null : Add(OutputItemType.Message, "message", text);

    public StateEvent[] Think(string text) => Add(OutputItemType.Reasoning, "reasoning", text);

    public StateEvent[] BeginCall(string name)
    {
        StateEvent[] end = EndItem();
        _callee = name;
        return [.. end, Start(OutputItemType.ToolCall, $"tool_call:{name}")];
    }

    public StateEvent[] ContinueCall(string arguments)
    {
        _text.Append(arguments);
        return [new StateEvent(StateEventType.ContentDelta, OutputItemType.ToolCall, _index, "arguments", Delta: arguments)];
    }

    public StateEvent[] EndItem()
    {
        (OutputItemType type, string text) = (_type, _text.ToString());
        _type = OutputItemType.Unknown;
        _text.Clear();
        return type switch
        {
            OutputItemType.Unknown => [],
            OutputItemType.ToolCall => [new StateEvent(StateEventType.ItemCompleted, type, _index, $"tool_call:{_callee}", Value: omitsValues ? null : CallValue(text))],
            _ => [new StateEvent(StateEventType.ItemCompleted, type, _index, type == OutputItemType.Message ? "message" : "reasoning", Value: omitsValues ? null : text)],
        };
    }

    private StateEvent[] Add(OutputItemType type, string identifier, string text)
    {
        StateEvent[] before = _type == type ? [] : [.. EndItem(), Start(type, identifier)];
        _text.Append(text);
        return [.. before, new StateEvent(StateEventType.ContentDelta, type, _index, identifier, Delta: text)];
    }

    private StateEvent Start(OutputItemType type, string identifier)
    {
        _type = type;
        _index++;
        return new StateEvent(StateEventType.ItemStarted, type, _index, identifier);
    }

    private string CallValue(string arguments)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(arguments);
            return $$"""{"name": "{{JsonEncodedText.Encode(_callee)}}", "arguments": {{json.RootElement.GetRawText()}}}""";
        }
        catch (JsonException)
        {
            return $$"""{"name": "{{JsonEncodedText.Encode(_callee)}}", "arguments": "{{JsonEncodedText.Encode(arguments)}}"}""";
        }
    }
}
