namespace Orchard.Responses;

/// <summary>The kind of a <see cref="ResponseContentPart"/>.</summary>
public enum ResponseContentKind
{
    /// <summary>Text of a message to the model (<c>input_text</c> in OpenAI's JSON).</summary>
    InputText,

    /// <summary>Text of a message of the model (<c>output_text</c>).</summary>
    OutputText,

    /// <summary>Reasoning of the model (<c>reasoning_text</c>).</summary>
    ReasoningText,
}
