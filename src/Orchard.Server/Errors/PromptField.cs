namespace Orchard.Server.Errors;

/// <summary>The field of a request that the prompt comes from, by which errors say what they are about. Immutable.</summary>
/// <param name="Name">The field.</param>
/// <param name="HasParts">Whether the field is a list of messages that has the indexes of the conversation, also for parts.</param>
internal sealed record PromptField(string Name, bool HasParts = false)
{
    /// <summary>Returns the path of a part of a message; of the whole field if the part is not known.</summary>
    /// <param name="message">Zero-based index of the message; null if it is not known.</param>
    /// <param name="part">Zero-based index of the part; null if it is not known.</param>
    public string PathOf(int? message, int? part) =>
        HasParts && message is { } i && part is { } k ? FormattableString.Invariant($"{Name}[{i}].content[{k}]") : Name;
}
