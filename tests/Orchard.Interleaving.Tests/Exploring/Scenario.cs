using System.Diagnostics.CodeAnalysis;

namespace Orchard.Interleaving;

/// <summary>Callers that meet, and what must hold however they do. Run once per schedule; keeps no state between runs.</summary>
internal abstract class Scenario
{
    /// <summary>Runs it. Ends when everything it started has ended.</summary>
    public abstract Task RunAsync(Schedule schedule);

    /// <exception cref="VerificationException">The condition does not hold.</exception>
    protected static void Verify([DoesNotReturnIf(false)] bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new VerificationException(otherwise);
        }
    }
}
