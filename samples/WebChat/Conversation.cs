using Microsoft.Extensions.AI;

namespace WebChat;

/// <summary>Request body of the page: all turns so far, the last of which is a question.</summary>
internal sealed record Conversation(string Model, IReadOnlyList<Turn> Turns)
{
    public IEnumerable<ChatMessage> ToMessages() => Turns.Select(static turn => new ChatMessage(turn.IsUser ? ChatRole.User : ChatRole.Assistant, turn.Text));
}

/// <summary>One turn of a conversation.</summary>
internal sealed record Turn(bool IsUser, string Text);
