namespace Orchard.Grammars.Compilation;

/// <summary>
/// A compiled grammar: a pushdown automaton over bytes that describes the texts a model may generate. Immutable and thread-safe.
/// <see cref="GrammarCompiler"/> creates it; an automaton runs it.
/// </summary>
/// <remarks>
/// llama.cpp's own grammars are not used for three reasons. A grammar that does not parse, a left-recursive rule or a token that is not
/// allowed raises a C++ exception there, which ends the process. Counts are expanded, so {1,10000} becomes ten thousand copies. And every
/// refused token costs a walk of all stacks over the whole vocabulary. This implementation counts exactly, enforces that the keys of an
/// object differ, caches states and their sets of allowed tokens, and fails only with exceptions that end a single sequence.
/// </remarks>
internal sealed class Grammar
{
    /// <summary>The byte that represents a control token whose text the grammar does not use. It does not occur in UTF-8.</summary>
    public const byte ControlToken = 0xFF;

    // Of a step, with the headers of its arrays.
    private const long StepBytes = 96;

    internal Grammar(GrammarStep[] steps, int start, IReadOnlyList<string> controlTexts)
    {
        Steps = steps;
        Start = start;
        ControlTexts = controlTexts;
        HasKeys = steps.Any(step => step.Kind == GrammarStepKind.BeginKey);
        (ByteClasses, ClassCount) = FindClasses(steps);
    }

    /// <summary>
    /// The texts of control tokens that the grammar treats as ordinary text, and that are part of the output. All other control tokens have
    /// no text.
    /// </summary>
    public IReadOnlyList<string> ControlTexts { get; }

    /// <summary>Whether the grammar has keys that must differ.</summary>
    public bool HasKeys { get; }

    public GrammarStep[] Steps { get; }

    /// <summary>Approximate number of bytes of the steps.</summary>
    public long Bytes => Steps.Sum(static step => StepBytes + (8L * step.Edges.Length) + ((long)sizeof(int) * step.Targets.Length));

    /// <summary>The step before the first byte.</summary>
    public int Start { get; }

    /// <summary>The class of each byte. Bytes of one class take the same transitions everywhere.</summary>
    public byte[] ByteClasses { get; }

    public int ClassCount { get; }

    private static (byte[] Classes, int Count) FindClasses(GrammarStep[] steps)
    {
        var isStart = new bool[257];
        foreach (GrammarStep step in steps)
        {
            foreach (ByteEdge edge in step.Edges)
            {
                isStart[edge.First] = true;
                isStart[edge.Last + 1] = true;
            }
        }

        byte[] classes = new byte[256];
        int current = 0;
        for (int value = 1; value < 256; value++)
        {
            current += isStart[value] ? 1 : 0;
            classes[value] = (byte)current;
        }

        return (classes, current + 1);
    }
}
