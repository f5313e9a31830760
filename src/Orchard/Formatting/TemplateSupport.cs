namespace Orchard.Formatting;

/// <summary>What a chat template supports.</summary>
/// <param name="System">Whether the prompt includes the text of a system message.</param>
/// <param name="Tools">Whether the prompt includes the descriptions of tools.</param>
internal readonly record struct TemplateSupport(bool System, bool Tools);
