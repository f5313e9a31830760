namespace Orchard.Remote.Requests;

/// <summary>How a server wants to be told whether and how much a model reasons.</summary>
internal enum ReasoningFields
{
    /// <summary>By an effort, of which <c>none</c> is one.</summary>
    Effort,

    /// <summary>By an effort, and by a variable of the chat template.</summary>
    Variables,

    /// <summary>By an effort, and by a field.</summary>
    Orchard,
}
