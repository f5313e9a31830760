namespace Orchard.Interleaving.Mutants;

/// <summary>A defect put into the client on purpose, to see that a scenario shows it.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Scenario">The scenario that must fail.</param>
/// <param name="File">The source it is in, from the client's folder.</param>
/// <param name="Edits">Texts that stand there once each, and what stands there instead.</param>
public sealed record Mutant(string Name, string Scenario, string File, params (string Old, string New)[] Edits)
{
    /// <summary>The source with the defect.</summary>
    /// <exception cref="InvalidOperationException">A text does not stand there once: the source has moved on, and the mutant is to follow.</exception>
    public string Apply(string source)
    {
        foreach ((string old, string @new) in Edits)
        {
            int at = source.IndexOf(old, StringComparison.Ordinal);
            if (at < 0 || source.IndexOf(old, at + 1, StringComparison.Ordinal) >= 0)
            {
                throw new InvalidOperationException($"The mutant '{Name}' does not find once in {File}: {old}");
            }

            source = source.Replace(old, @new, StringComparison.Ordinal);
        }

        return source;
    }

    public override string ToString() => Name;
}
