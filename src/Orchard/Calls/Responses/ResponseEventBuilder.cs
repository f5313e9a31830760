using System.Text;
using Orchard.Responses;

namespace Orchard.Calls.Responses;

/// <summary>
/// Converts the deltas of an answer to the events of a response: <see cref="Begin"/>, then <see cref="Add"/> for each delta, then
/// <see cref="End"/> or <see cref="Fail"/>. Pure: the ids of items are derived from that of the response. Not thread-safe.
/// </summary>
/// <param name="created">The initial state of the response.</param>
internal sealed class ResponseEventBuilder(Response created)
{
    private readonly List<ResponseItem?> _output = []; // null where the item is open
    private readonly SortedList<int, OpenCall> _calls = []; // open calls by their index in the answer
    private List<ResponseEvent> _events = [];
    private int _nextSequenceNumber;
    private OpenText? _text; // the open message or reasoning item
    private ChatDelta? _last;

    /// <summary>Current state of the response. Its output is set when it has ended.</summary>
    public Response Response { get; private set; } = created;

    /// <summary>Whether the last event has been created.</summary>
    public bool HasEnded => Response.Status != ResponseStatus.InProgress;

    /// <summary>Returns the events before anything is generated.</summary>
    public IReadOnlyList<ResponseEvent> Begin()
    {
        Emit(new ResponseCreatedEvent { SequenceNumber = Next(), Response = Response });
        Emit(new ResponseInProgressEvent { SequenceNumber = Next(), Response = Response });
        return Take();
    }

    /// <summary>Returns the events for a delta of the answer; possibly none.</summary>
    /// <exception cref="OrchardException">The delta reports an error. The state is unchanged; call <see cref="Fail"/>.</exception>
    public IReadOnlyList<ResponseEvent> Add(ChatDelta delta)
    {
        if (delta.Error is { } error)
        {
            throw error;
        }

        // A part of an open call belongs before the text in the same delta, which can only follow the call.
        int continued = 0;
        while (continued < delta.ToolCalls.Count && _calls.ContainsKey(delta.ToolCalls[continued].Index))
        {
            Call(delta.ToolCalls[continued++]);
        }

        if (delta.Reasoning.Length > 0)
        {
            AddReasoning(delta.Reasoning);
        }

        AddText(delta);
        foreach (ToolCallDelta piece in delta.ToolCalls.Skip(continued))
        {
            Call(piece);
        }

        // The response ends with the call, not with its last delta, so that the call is over when the caller gets the last event.
        _last = delta.FinishReason is null ? _last : delta;
        return Take();
    }

    /// <summary>Returns the events at the end of the answer.</summary>
    /// <exception cref="ProtocolException">The answer is incomplete. The state is unchanged; call <see cref="Fail"/>.</exception>
    public IReadOnlyList<ResponseEvent> End()
    {
        if (_last is not { FinishReason: { } reason, Usage: { } usage })
        {
            throw new ProtocolException("The engine ended the request, but the answer is incomplete. Try again.");
        }

        IncompleteReason? cause = CauseOf(reason);
        if (cause is null
            && _calls.Count == 0
            && _text is not { IsReasoning: false }
            && !_output.Exists(item => item is MessageItem or FunctionCallItem))
        {
            OpenAs(isReasoning: false); // an empty answer is also a turn, which the continued conversation must contain
        }

        CloseAll(cause is null ? ResponseItemStatus.Completed : ResponseItemStatus.Incomplete);
        Response = Snapshot(cause is null ? ResponseStatus.Completed : ResponseStatus.Incomplete, cause, usage: usage);
        Emit(cause is null
            ? new ResponseCompletedEvent { SequenceNumber = Next(), Response = Response }
            : new ResponseIncompleteEvent { SequenceNumber = Next(), Response = Response });
        return Take();
    }

    /// <summary>Returns the events of an answer that fails.</summary>
    public IReadOnlyList<ResponseEvent> Fail(OrchardException error)
    {
        CloseAll(ResponseItemStatus.Incomplete);
        Response = Snapshot(ResponseStatus.Failed, error: ResponseError.From(error));
        Emit(new ResponseFailedEvent { SequenceNumber = Next(), Response = Response });
        return Take();
    }

    private Response Snapshot(
        ResponseStatus status, IncompleteReason? reason = null, ResponseError? error = null, Usage? usage = null) => new()
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

    private void AddReasoning(string delta)
    {
        OpenText item = OpenAs(isReasoning: true);
        item.Text.Append(delta);
        Emit(new ReasoningTextDeltaEvent { SequenceNumber = Next(), OutputIndex = item.OutputIndex, ItemId = item.Id, Delta = delta });
    }

    private void AddText(ChatDelta delta)
    {
        if (delta.Text.Length == 0)
        {
            // An incomplete character, or the beginning of a stop sequence: the tokens arrive before their text.
            if (_text is { IsReasoning: false } open && delta is { Reasoning.Length: 0, ToolCalls.Count: 0 })
            {
                open.Logprobs.AddRange(delta.Logprobs);
            }

            return;
        }

        OpenText item = OpenAs(isReasoning: false);
        item.Text.Append(delta.Text);
        item.Logprobs.AddRange(delta.Logprobs);
        Emit(new OutputTextDeltaEvent
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
            Emit(new FunctionCallArgumentsDeltaEvent
            {
                SequenceNumber = Next(),
                OutputIndex = item.OutputIndex,
                ItemId = item.Id,
                Delta = piece.Arguments,
            });
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
        Emit(new ContentPartAddedEvent
        {
            SequenceNumber = Next(),
            OutputIndex = _text.OutputIndex,
            ItemId = _text.Id,
            Part = _text.ToPart(),
        });
        return _text;
    }

    private void CloseAll(ResponseItemStatus status)
    {
        CloseText(status);
        foreach (OpenCall call in _calls.Values)
        {
            string arguments = call.Arguments.ToString();
            var error = new ToolCallException(
                $"The call to the tool '{call.Name}' cannot be executed: the answer ended before the call did.", call.Name, arguments);
            Close(call, error, ResponseItemStatus.Incomplete);
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
        Emit(item.IsReasoning
            ? new ReasoningTextDoneEvent { SequenceNumber = Next(), OutputIndex = item.OutputIndex, ItemId = item.Id, Text = part.Text }
            : new OutputTextDoneEvent
            {
                SequenceNumber = Next(),
                OutputIndex = item.OutputIndex,
                ItemId = item.Id,
                Text = part.Text,
                Logprobs = part.Logprobs,
            });
        Emit(new ContentPartDoneEvent { SequenceNumber = Next(), OutputIndex = item.OutputIndex, ItemId = item.Id, Part = part });
        Done(item.OutputIndex, item.ToItem(status));
    }

    private void Close(OpenCall item, ToolCallException? error, ResponseItemStatus status)
    {
        Emit(new FunctionCallArgumentsDoneEvent
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
        Emit(new OutputItemAddedEvent { SequenceNumber = Next(), OutputIndex = _output.Count, ItemId = item.Id!, Item = item });
        _output.Add(null);
    }

    private void Done(int outputIndex, ResponseItem item)
    {
        _output[outputIndex] = item;
        Emit(new OutputItemDoneEvent { SequenceNumber = Next(), OutputIndex = outputIndex, ItemId = item.Id!, Item = item });
    }

    private string ItemId(string prefix) =>
        $"{prefix}_{Response.Id[(Response.Id.IndexOf('_', StringComparison.Ordinal) + 1)..]}_{_output.Count}";

    private int Next() => _nextSequenceNumber++;

    private void Emit(ResponseEvent what) => _events.Add(what);

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
