namespace Orchard.Formatting;

/// <summary>
/// Puts the results of tool calls behind their calls, in the order of the calls, which is where chat templates expect them. Histories of
/// other programs and restored ones have them elsewhere, or not at all. Pure.
/// </summary>
internal static class CallPairs
{
    /// <summary>Returns the conversation with paired calls and results. A result without a call stays where it is.</summary>
    public static IReadOnlyList<Message> Join(IReadOnlyList<Message> messages)
    {
        if (!messages.Any(message => message.Role == MessageRole.Tool || message.ToolCalls.Count > 0))
        {
            return messages;
        }

        var turns = new List<Turn>(messages.Count);
        foreach (Message message in messages)
        {
            if (message.Role == MessageRole.Tool && turns.FindLast(turn => turn.Takes(message)) is { } asked)
            {
                asked.Answer(message);
            }
            else if (message.ToolCalls.Count > 0 && turns is [.., { IsUnanswered: true } last])
            {
                last.Append(message); // calls that were made together, in a message each
            }
            else
            {
                turns.Add(new Turn(message));
            }
        }

        return [.. turns.SelectMany(turn => turn.Messages)];
    }

    // A message with the results of its calls. An id can be used twice, also in one message.
    private sealed class Turn(Message message)
    {
        private readonly Dictionary<int, Message> _results = [];
        private Message _message = message;

        public bool IsUnanswered => _message.ToolCalls.Count > 0 && _results.Count == 0;

        public IEnumerable<Message> Messages => _results.OrderBy(result => result.Key).Select(result => result.Value).Prepend(_message);

        public bool Takes(Message result) => IndexOf(result) >= 0;

        public void Append(Message message) => _message = _message.Append(message);

        public void Answer(Message result)
        {
            int index = IndexOf(result);
            _results.Add(index, result.WithCalls([], _message.ToolCalls[index].Id));
        }

        private int IndexOf(Message result)
        {
            for (int i = 0; i < _message.ToolCalls.Count; i++)
            {
                if (!_results.ContainsKey(i) && (string.IsNullOrEmpty(result.ToolCallId) || result.ToolCallId == _message.ToolCalls[i].Id))
                {
                    return i;
                }
            }

            return -1;
        }
    }
}
