namespace Orchard.Templates.Evaluation.Statements;

/// <summary>What to execute after a statement: the next one, or what follows a <c>break</c> or <c>continue</c>.</summary>
internal enum Flow : byte
{
    Next,
    Break,
    Continue,
}
