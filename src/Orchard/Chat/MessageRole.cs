namespace Orchard;

/// <summary>The author of a <see cref="Message"/>.</summary>
public enum MessageRole
{
    /// <summary>Instructions to the model that apply to the whole conversation.</summary>
    System,

    /// <summary>The user or application.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>A tool that the model called; the message is its result.</summary>
    Tool,
}
