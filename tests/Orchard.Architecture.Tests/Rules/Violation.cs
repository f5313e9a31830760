namespace Orchard.Architecture.Tests.Rules;

/// <summary>A place that breaks a rule.</summary>
/// <param name="Project">The project of the place.</param>
/// <param name="Place">The file, with the line where that is known, or another name for the place.</param>
/// <param name="Message">What is wrong, in one or more lines.</param>
internal sealed record Violation(string Project, string Place, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Project}/{Place}: {Message}";
}
