namespace Orchard.Grammars.Automata;

/// <summary>A position in a grammar. Frames and keys are interned, so they are compared by reference.</summary>
/// <param name="Step">The step.</param>
/// <param name="Frame">The innermost call in progress; null if there is none.</param>
/// <param name="Key">The part of a key that has been read; null outside of keys, or when keys are not tracked.</param>
internal readonly record struct GrammarPosition(int Step, CallFrame? Frame, KeyText? Key)
{
    public bool Equals(GrammarPosition other) =>
        Step == other.Step && ReferenceEquals(Frame, other.Frame) && ReferenceEquals(Key, other.Key);

    public override int GetHashCode() => HashCode.Combine(Step, Frame?.Id ?? 0, Key?.Id ?? 0);
}
