using System.Text;
using Orchard.Responses;

namespace Orchard.Calls.Responses;

/// <summary>
/// Tells the pieces of an answer as the events of a response. Pure: it waits for nothing and makes nothing up, the ids of items come from
/// that of the response. <see cref="Begin"/>, then <see cref="Add"/> for each piece, then <see cref="End"/> or <see cref="Fail"/>. One
/// caller at a time.
/// </summary>
/// <param name="created">The response before anything has happened.</param>
internal sealed class ResponseEventBuilder(Response created)
{
    private readonly List<ResponseItem?> _output = []; // null where the item is open
    private readonly SortedList<int, OpenCall> _calls = []; // those that are open, by their index in the answer
    private List<ResponseEvent> _events = [];
    private int _nextSequenceNumber;
    private OpenText? _text; // the message or the thought that is open
    private ChatDelta? _last;

    /// <summary>The response as it stands: its output is there when it has ended.</summary>
    public Response Response { get; private set; } = created;

    /// <summary>Whether the last event was told.</summary>
    public bool HasEnded => Response.Status != ResponseStatus.InProgress;

    /// <summary>The events before anything is generated.</summary>
    public IReadOnlyList<ResponseEvent> Begin()
    {
        Tell(new ResponseCreatedEvent { SequenceNumber = Next(), Response = Response });
        Tell(new ResponseInProgressEvent { SequenceNumber = Next(), Response = Response });
        return Take();
    }

    /// <summary>What a piece of the answer brings about; possibly nothing.</summary>
    /// <exception cref="OrchardException">The piece says that the answer failed. Nothing has changed; <see cref="Fail"/> is next.</exception>
    public IReadOnlyList<ResponseEvent> Add(ChatDelta delta)
    {
        if (delta.Error is { } error)
        {
            throw error;
        }

        // A piece of a call that is open belongs before the text that came with it, which can only have followed.
        int continued = 0;
        while (continued < delta.ToolCalls.Count && _calls.ContainsKey(delta.ToolCalls[continued].Index))
        {
            Call(delta.ToolCalls[continued++]);
        }

        if (delta.Reasoning.Length > 0)
        {
            Think(delta.Reasoning);
        }

        Say(delta);
        foreach (ToolCallDelta piece in delta.ToolCalls.Skip(continued))
        {
            Call(piece);
        }

        // The response ends with the call, not with its last piece: whoever leaves at the last event leaves a call that is over.
        _last = delta.FinishReason is null ? _last : delta;
        return Take();
    }

    /// <summary>The events at the end of the answer.</summary>
    /// <exception cref="ProtocolException">The answer has no end. Nothing has changed; <see cref="Fail"/> is next.</exception>
    public IReadOnlyList<ResponseEvent> End()
    {
        if (_last is not { FinishReason: { } reason, Usage: { } usage })
        {
            throw new ProtocolException("The engine ended the request, but the answer has no end.");
        }

        IncompleteReason? cause = CauseOf(reason);
        if (cause is null && _calls.Count == 0 && _text is not { IsReasoning: false } && !_output.Exists(item => item is MessageItem or FunctionCallItem))
        {
            OpenAs(isReasoning: false); // nothing was said: the turn is there all the same, and a conversation that goes on shows it
        }

        CloseAll(cause is null ? ResponseItemStatus.Completed : ResponseItemStatus.Incomplete);
        Response = Snapshot(cause is null ? ResponseStatus.Completed : ResponseStatus.Incomplete, cause, usage: usage);
        Tell(cause is null
            ? new ResponseCompletedEvent { SequenceNumber = Next(), Response = Response }
            : new ResponseIncompleteEvent { SequenceNumber = Next(), Response = Response });
        return Take();
    }

    /// <summary>The events of an answer that fails.</summary>
    public IReadOnlyList<ResponseEvent> Fail(OrchardException error)
    {
        CloseAll(ResponseItemStatus.Incomplete);
        Response = Snapshot(ResponseStatus.Failed, error: ResponseError.From(error));
        Tell(new ResponseFailedEvent { SequenceNumber = Next(), Response = Response });
        return Take();
    }

    private Response Snapshot(ResponseStatus status, IncompleteReason? reason = null, ResponseError? error = null, Usage? usage = null) => new()
    {
        Id = Response.Id,
        CreatedAt = Response.CreatedAt,
        Model = Response.Model,
        Request = Response.Request,
        Status = status,
        IncompleteReason = reason,
        Error = error,
        Output = [.. _output.OfType<ResponseItem>()],
        Usage = usage,
    };

    private static IncompleteReason? CauseOf(FinishReason reason) => reason switch
    {
        FinishReason.Stop or FinishReason.ToolCalls => null,
        FinishReason.Length => IncompleteReason.MaxOutputTokens,
        FinishReason.ContentFilter => IncompleteReason.ContentFilter,
        _ => IncompleteReason.Unknown,
    };

    private void Think(string delta)
    {
        OpenText item = OpenAs(isReasoning: true);
        item.Text.Append(delta);
        Tell(new ReasoningTextDeltaEvent { SequenceNumber = Next(), OutputIndex = item.OutputIndex, ItemId = item.Id, Delta = delta });
    }

    private void Say(ChatDelta delta)
    {
        if (delta.Text.Length == 0)
        {
            // Half a character, or the beginning of a stop string: the tokens are there before their text is.
            if (_text is { IsReasoning: false } open && delta is { Reasoning.Length: 0, ToolCalls.Count: 0 })
            {
                open.Logprobs.AddRange(delta.Logprobs);
            }

            return;
        }

        OpenText item = OpenAs(isReasoning: false);
        item.Text.Append(delta.Text);
        item.Logprobs.AddRange(delta.Logprobs);
        Tell(new OutputTextDeltaEvent
        {
            SequenceNumber = Next(),
            OutputIndex = item.OutputIndex,
            ItemId = item.Id,
            Delta = delta.Text,
            Logprobs = item.SentLogprobs == item.Logprobs.Count ? [] : item.Logprobs[item.SentLogprobs..],
        });
        item.SentLogprobs = item.Logprobs.Count;
    }

    private void Call(ToolCallDelta piece)
    {
        if (!_calls.TryGetValue(piece.Index, out OpenCall? item))
        {
            CloseText(ResponseItemStatus.Completed);
            item = new OpenCall(_output.Count, ItemId("fc"), piece.Id, piece.Name);
            _calls.Add(piece.Index, item);
            Added(item.ToItem(ResponseItemStatus.InProgress));
        }

        if (piece.Arguments.Length > 0)
        {
            item.Arguments.Append(piece.Arguments);
            Tell(new FunctionCallArgumentsDeltaEvent { SequenceNumber = Next(), OutputIndex = item.OutputIndex, ItemId = item.Id, Delta = piece.Arguments });
        }

        if (piece.Call is { } call)
        {
            _calls.Remove(piece.Index);
            Close(item, call.Error, call.IsCutShort ? ResponseItemStatus.Incomplete : ResponseItemStatus.Completed);
        }
    }

    private OpenText OpenAs(bool isReasoning)
    {
        if (_text is { } open && open.IsReasoning == isReasoning)
        {
            return open;
        }

        CloseText(ResponseItemStatus.Completed);
        _text = new OpenText(_output.Count, ItemId(isReasoning ? "rs" : "msg"), isReasoning);
        Added(_text.ToItem(ResponseItemStatus.InProgress));
        Tell(new ContentPartAddedEvent { SequenceNumber = Next(), OutputIndex = _text.OutputIndex, ItemId = _text.Id, Part = _text.ToPart() });
        return _text;
    }

    private void CloseAll(ResponseItemStatus status)
    {
        CloseText(status);
        foreach (OpenCall call in _calls.Values)
        {
            string arguments = call.Arguments.ToString();
            Close(call, new ToolCallException($"The call to the tool '{call.Name}' cannot be executed: the answer ended before the call did.", call.Name, arguments), ResponseItemStatus.Incomplete);
        }

        _calls.Clear();
    }

    private void CloseText(ResponseItemStatus status)
    {
        if (_text is not { } item)
        {
            return;
        }

        _text = null;
        ResponseContentPart part = item.ToPart();
        Tell(item.IsReasoning
            ? new ReasoningTextDoneEvent { SequenceNumber = Next(), OutputIndex = item.OutputIndex, ItemId = item.Id, Text = part.Text }
            : new OutputTextDoneEvent { SequenceNumber = Next(), OutputIndex = item.OutputIndex, ItemId = item.Id, Text = part.Text, Logprobs = part.Logprobs });
        Tell(new ContentPartDoneEvent { SequenceNumber = Next(), OutputIndex = item.OutputIndex, ItemId = item.Id, Part = part });
        Done(item.OutputIndex, item.ToItem(status));
    }

    private void Close(OpenCall item, ToolCallException? error, ResponseItemStatus status)
    {
        Tell(new FunctionCallArgumentsDoneEvent
        {
            SequenceNumber = Next(),
            OutputIndex = item.OutputIndex,
            ItemId = item.Id,
            Name = item.Name,
            Arguments = item.Arguments.ToString(),
        });
        Done(item.OutputIndex, item.ToItem(status, error));
    }

    private void Added(ResponseItem item)
    {
        Tell(new OutputItemAddedEvent { SequenceNumber = Next(), OutputIndex = _output.Count, ItemId = item.Id!, Item = item });
        _output.Add(null);
    }

    private void Done(int outputIndex, ResponseItem item)
    {
        _output[outputIndex] = item;
        Tell(new OutputItemDoneEvent { SequenceNumber = Next(), OutputIndex = outputIndex, ItemId = item.Id!, Item = item });
    }

    private string ItemId(string prefix) => $"{prefix}_{Response.Id[(Response.Id.IndexOf('_', StringComparison.Ordinal) + 1)..]}_{_output.Count}";

    private int Next() => _nextSequenceNumber++;

    private void Tell(ResponseEvent what) => _events.Add(what);

    private List<ResponseEvent> Take()
    {
        List<ResponseEvent> taken = _events;
        _events = [];
        return taken;
    }

    private sealed record OpenText(int OutputIndex, string Id, bool IsReasoning)
    {
        public StringBuilder Text { get; } = new();

        public List<TokenLogprob> Logprobs { get; } = [];

        public int SentLogprobs { get; set; }

        public ResponseContentPart ToPart() => new()
        {
            Kind = IsReasoning ? ResponseContentKind.ReasoningText : ResponseContentKind.OutputText,
            Text = Text.ToString(),
            Logprobs = [.. Logprobs],
        };

        public ResponseItem ToItem(ResponseItemStatus status) => IsReasoning
            ? new ReasoningItem(Text.ToString()) { Id = Id, Status = status }
            : new MessageItem(MessageRole.Assistant, Text.ToString()) { Id = Id, Status = status, Logprobs = [.. Logprobs] };
    }

    private sealed record OpenCall(int OutputIndex, string Id, string CallId, string Name)
    {
        public StringBuilder Arguments { get; } = new();

        public FunctionCallItem ToItem(ResponseItemStatus status, ToolCallException? error = null) =>
            new(CallId, Name, Arguments.ToString()) { Id = Id, Status = status, Error = error };
    }
}
