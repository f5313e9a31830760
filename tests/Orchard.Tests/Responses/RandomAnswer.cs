namespace Orchard.Tests.Responses;

/// <summary>Pieces of an answer as an engine could send them: thoughts, texts and calls in any order, calls also side by side, several in one piece.</summary>
internal sealed class RandomAnswer
{
    private readonly Random _random;
    private readonly List<(int Index, string Id, string Arguments)> _open = [];
    private int _calls;

    public RandomAnswer(Random random)
    {
        _random = random;
        Fails = random.Next(5) == 0;
        bool isCut = random.Next(4) == 0;
        int count = random.Next(12);
        for (int i = 0; i < count; i++)
        {
            Deltas.Add(Next());
        }

        if (!Fails)
        {
            List<ToolCallDelta> rest = [.. _open.Select(call => Close(call, isCut))];
            Deltas.Add(new ChatDelta
            {
                Text = random.Next(3) == 0 ? "end" : "",
                ToolCalls = rest,
                FinishReason = isCut ? FinishReason.Length : _calls > 0 ? FinishReason.ToolCalls : FinishReason.Stop,
                Usage = new Usage { CompletionTokens = count },
            });
        }
    }

    public List<ChatDelta> Deltas { get; } = [];

    /// <summary>Whether it ends in the middle.</summary>
    public bool Fails { get; }

    private ChatDelta Next() => new()
    {
        Reasoning = _random.Next(3) == 0 ? $"r{_random.Next(10)}" : "",
        Text = _random.Next(2) == 0 ? $"t{_random.Next(10)}" : "",
        ToolCalls = [.. Enumerable.Range(0, _random.Next(4) / 2).Select(_ => NextPiece())],
    };

    private ToolCallDelta NextPiece()
    {
        if (_open.Count == 0 || _random.Next(3) == 0)
        {
            string begin = _random.Next(2) == 0 ? "" : "{";
            _open.Add((_calls, $"call{_calls}", begin));
            return Piece(_calls++, _open[^1].Id, begin);
        }

        int which = _random.Next(_open.Count);
        (int index, string id, string arguments) = _open[which];
        if (_random.Next(2) == 0)
        {
            _open.RemoveAt(which);
            return Close((index, id, arguments), isCut: false);
        }

        string piece = $"a{_random.Next(10)}";
        _open[which] = (index, id, arguments + piece);
        return Piece(index, id, piece);
    }

    private ToolCallDelta Close((int Index, string Id, string Arguments) call, bool isCut)
    {
        string missing = isCut || _random.Next(2) == 0 ? "" : "}";
        return Piece(call.Index, call.Id, missing, new ToolCall(call.Id, "add", call.Arguments + missing) { IsCutShort = isCut });
    }

    private static ToolCallDelta Piece(int index, string id, string arguments, ToolCall? whole = null) =>
        new() { Index = index, Id = id, Name = "add", Arguments = arguments, Call = whole };
}
