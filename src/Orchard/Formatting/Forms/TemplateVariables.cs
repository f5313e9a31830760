namespace Orchard.Formatting.Forms;

/// <summary>Names of template variables, as Hugging Face defines them or as most templates use them.</summary>
internal static class TemplateVariables
{
    public const string Messages = "messages";
    public const string Tools = "tools";
    public const string EnableThinking = "enable_thinking";
    public const string Thinking = "thinking"; // DeepSeek's and Granite's name of the same
    public const string ReasoningEffort = "reasoning_effort";
}
