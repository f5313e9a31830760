namespace Orchard;

/// <summary>What a chat template shows of the way in which its model writes tool calls.</summary>
public enum TemplateToolCalls
{
    /// <summary>It shows no tool calls. Tools are described to the model in a general form.</summary>
    None,

    /// <summary>
    /// It shows tool calls in a form that is not understood. Tools are described to the model in a general form, which it may not have been
    /// trained on.
    /// </summary>
    Unknown,

    /// <summary>The form is understood: the model's calls are read, and constrained, in its own form.</summary>
    Known,
}
