namespace Orchard.Formatting;

/// <summary>A kind of conversation that some chat templates reject or do not show completely, with an example of it. Immutable.</summary>
/// <param name="Example">Every text and every name of a call in it is a marker, which a template that can show it writes.</param>
internal sealed record ConversationCase(IReadOnlyList<Message> Example)
{
    public static readonly ConversationCase System = new([Of(MessageRole.System, 1), Of(MessageRole.User, 2)]);

    public static readonly ConversationCase LateSystem = new(
        [
            Of(MessageRole.System, 1),
            Of(MessageRole.User, 2),
            Of(MessageRole.Assistant, 3),
            Of(MessageRole.System, 4),
            Of(MessageRole.User, 5),
        ]);

    public static readonly ConversationCase NoUser = new([Of(MessageRole.System, 1), Of(MessageRole.Assistant, 2)]);

    public static readonly ConversationCase AssistantFirst = new([Of(MessageRole.Assistant, 1), Of(MessageRole.User, 2)]);

    public static readonly ConversationCase UsersInSuccession = new([Of(MessageRole.User, 1), Of(MessageRole.User, 2)]);

    public static readonly ConversationCase AssistantsInSuccession = new(
        [Of(MessageRole.User, 1), Of(MessageRole.Assistant, 2), Of(MessageRole.Assistant, 3), Of(MessageRole.User, 4)]);

    public static readonly ConversationCase Call = new([Of(MessageRole.User, 1), Calls(2), Result(2, 3)]);

    public static readonly ConversationCase CallWithForeignId = new(
        [
            Of(MessageRole.User, 1),
            Message.Assistant("", [new ToolCall("call_8f3Zk-0000000000000001", Marker(2), "{}")]),
            new Message(MessageRole.Tool, Marker(3)) { ToolCallId = "call_8f3Zk-0000000000000001" },
        ]);

    public static readonly ConversationCase ParallelCalls = new([Of(MessageRole.User, 1), Calls(2, 3), Result(2, 4), Result(3, 5)]);

    public static readonly ConversationCase UnansweredCall = new([Of(MessageRole.User, 1), Calls(2), Of(MessageRole.User, 3)]);

    public static readonly ConversationCase UserAfterResult = new(
        [Of(MessageRole.User, 1), Calls(2), Result(2, 3), Of(MessageRole.User, 4)]);

    public static readonly ConversationCase ResultWithoutCall = new([Of(MessageRole.User, 1), new Message(MessageRole.Tool, Marker(2))]);

    /// <summary>Returns whether a rendered prompt has all of the example.</summary>
    public bool IsShownIn(string prompt) => Example.All(message =>
        prompt.Contains(message.Text, StringComparison.Ordinal)
        && message.ToolCalls.All(call => prompt.Contains(call.Name, StringComparison.Ordinal)));

    private static Message Of(MessageRole role, int number) => new(role, Marker(number));

    private static Message Calls(params ReadOnlySpan<int> numbers)
    {
        var calls = new List<ToolCall>();
        foreach (int number in numbers)
        {
            calls.Add(new ToolCall(IdOf(number), Marker(number), "{}"));
        }

        return Message.Assistant("", calls);
    }

    private static Message Result(int call, int number) => new(MessageRole.Tool, Marker(number)) { ToolCallId = IdOf(call) };

    private static string Marker(int number) => $"orchard_probe_{number}f3a";

    // The form that Mistral's templates accept.
    private static string IdOf(int call) => $"probe000{call}";
}
