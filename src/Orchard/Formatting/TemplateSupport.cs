namespace Orchard.Formatting;

/// <summary>What a chat template supports.</summary>
/// <param name="System">Whether the text of a system message is in the prompt.</param>
/// <param name="Tools">Whether the descriptions of tools are in the prompt.</param>
internal readonly record struct TemplateSupport(bool System, bool Tools);
