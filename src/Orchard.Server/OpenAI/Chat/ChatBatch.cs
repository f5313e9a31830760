using System.Text.Json;
using Orchard.Server.Errors;
using Orchard.Server.Generation;

namespace Orchard.Server.OpenAI.Chat;

/// <summary>
/// Maps a request with several conversations, an extension of Orchard: <c>messages</c> is a list of conversations, and each other field is
/// either one value for all of them, or a list with a value for each. Pure.
/// </summary>
internal static class ChatBatch
{
    private const int MaxConversations = 1024;

    // Fields whose single value is a list already.
    private static readonly HashSet<string> Lists =
        ["stop", "stop_sequences", "logit_bias", "dry_sequence_breakers", "guided_choice", "modalities", "samplers"];

    /// <summary>Whether a request has several conversations.</summary>
    public static bool Is(ChatCompletionRequest request) =>
        request.Messages.ValueKind == JsonValueKind.Array
        && request.Messages.GetArrayLength() > 0
        && request.Messages[0].ValueKind == JsonValueKind.Array;

    /// <summary>Returns the conversations, each with its options.</summary>
    /// <param name="request">The body.</param>
    /// <param name="ignored">Receives the names of fields that have no effect.</param>
    public static IReadOnlyList<ChatPrompt> ToPrompts(ChatCompletionRequest request, ICollection<string> ignored)
    {
        int count = request.Messages.GetArrayLength();
        if (count > MaxConversations)
        {
            throw ApiException.Invalid("messages", $"has {count} conversations; allowed are {MaxConversations}");
        }

        var prompts = new List<ChatPrompt>(count);
        for (int i = 0; i < count; i++)
        {
            ChatCompletionRequest one = One(request, i, count);
            prompts.Add(new ChatPrompt(
                ChatMessages.Read(new Field($"messages[{i}]", one.Messages)), ChatRequestMapping.ToOptions(one, ignored)));
        }

        if (prompts.Select(static prompt => prompt.Options!.CandidateCount).Distinct().Count() > 1)
        {
            throw ApiException.Unsupported("n", "differs between the conversations of a batch");
        }

        return prompts;
    }

    private static ChatCompletionRequest One(ChatCompletionRequest request, int index, int count) => request with
    {
        Messages = request.Messages[index],
        Tools = IsList(request.Tools, static first => first.ValueKind is JsonValueKind.Array or JsonValueKind.Null)
            ? At("tools", request.Tools, index, count)
            : request.Tools,
        ToolChoice = IsList(request.ToolChoice, static _ => true)
            ? At("tool_choice", request.ToolChoice, index, count)
            : request.ToolChoice,
        Fields = request.Fields?.ToDictionary(static pair => pair.Key, pair => Pick(pair.Key, pair.Value, index, count)),
    };

    private static JsonElement Pick(string name, JsonElement value, int index, int count) =>
        IsList(value, first => !Lists.Contains(name) || IsListOfLists(name, first))
            ? At(name, value, index, count)
            : value;

    private static bool IsListOfLists(string name, JsonElement first) =>
        first.ValueKind is JsonValueKind.Array or JsonValueKind.Null && !IsPairs(name, first);

    private static bool IsPairs(string name, JsonElement first) =>
        name == "logit_bias"
        && first.ValueKind == JsonValueKind.Array
        && first.GetArrayLength() == 2
        && first[0].ValueKind == JsonValueKind.Number;

    private static bool IsList(JsonElement value, Func<JsonElement, bool> isOnePerConversation) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && isOnePerConversation(value[0]);

    private static JsonElement At(string name, JsonElement list, int index, int count) => list.GetArrayLength() == count
        ? list[index]
        : throw ApiException.Invalid(name, $"has {list.GetArrayLength()} values, but there are {count} conversations");
}
