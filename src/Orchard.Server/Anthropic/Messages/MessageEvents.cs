using System.Text.Json;

namespace Orchard.Server.Anthropic.Messages;

/// <summary>
/// Maps the parts of an answer to events: blocks follow one another, each with a start, deltas and a stop. Not thread-safe.
/// </summary>
/// <param name="frame">A message without content.</param>
internal sealed class MessageEvents(AnswerMessage frame)
{
    private static readonly JsonElement NoInput = Parse("{}");

    private int _index = -1;
    private string? _open; // what the open block is: its type, and for calls their number
    private bool _started;

    /// <summary>Returns the event that keeps the connection alive.</summary>
    public static MessageEvent Ping { get; } = new() { Type = "ping" };

    /// <summary>Returns the events of a part.</summary>
    /// <param name="part">The part.</param>
    public IEnumerable<MessageEvent> Of(ChatDelta part)
    {
        if (!_started)
        {
            _started = true;
            yield return new MessageEvent { Type = "message_start", Message = frame };
        }

        foreach (MessageEvent one in Blocks(part))
        {
            yield return one;
        }

        if (part.FinishReason is { } reason)
        {
            foreach (MessageEvent stop in Close())
            {
                yield return stop;
            }

            yield return new MessageEvent
            {
                Type = "message_delta",
                Delta = new EventDelta { StopReason = MessagesMapping.ReasonOf(reason) },
                Usage = AnswerUsage.Of(part.Usage ?? default),
            };
            yield return new MessageEvent { Type = "message_stop" };
        }
    }

    private IEnumerable<MessageEvent> Blocks(ChatDelta part)
    {
        if (part.Reasoning.Length > 0)
        {
            foreach (MessageEvent start in Open("thinking", new AnswerBlock { Type = "thinking", Thinking = "", Signature = "" }))
            {
                yield return start;
            }

            yield return Delta(new EventDelta { Type = "thinking_delta", Thinking = part.Reasoning });
        }

        if (part.Text.Length > 0)
        {
            foreach (MessageEvent start in Open("text", new AnswerBlock { Type = "text", Text = "" }))
            {
                yield return start;
            }

            yield return Delta(new EventDelta { Type = "text_delta", Text = part.Text });
        }

        foreach (ToolCallDelta call in part.ToolCalls)
        {
            var block = new AnswerBlock { Type = "tool_use", Id = call.Id, Name = call.Name, Input = NoInput };
            foreach (MessageEvent start in Open($"tool_use {call.Index}", block))
            {
                yield return start;
            }

            if (call.Arguments.Length > 0)
            {
                yield return Delta(new EventDelta { Type = "input_json_delta", PartialJson = call.Arguments });
            }
        }
    }

    private IEnumerable<MessageEvent> Open(string what, AnswerBlock block)
    {
        if (_open == what)
        {
            yield break;
        }

        foreach (MessageEvent stop in Close())
        {
            yield return stop;
        }

        _open = what;
        _index++;
        yield return new MessageEvent { Type = "content_block_start", Index = _index, ContentBlock = block };
    }

    private IEnumerable<MessageEvent> Close()
    {
        if (_open is not null)
        {
            _open = null;
            yield return new MessageEvent { Type = "content_block_stop", Index = _index };
        }
    }

    private MessageEvent Delta(EventDelta delta) => new() { Type = "content_block_delta", Index = _index, Delta = delta };

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
