namespace Orchard.Grammars;

/// <summary>
/// What an answer may be, compiled: a pushdown automaton over bytes. Immutable and thread-safe; a model's tokens are held against it by
/// <see cref="GrammarAutomaton"/>.
/// </summary>
/// <remarks>
/// Why not llama.cpp's own grammars: a text that does not parse there, a rule that begins with itself or a token that the grammar does not
/// allow ends in a C++ exception, which ends the engine; counts are written out ({1,10000} is ten thousand copies), and every refused token
/// costs a walk of all stacks over the whole vocabulary. This one counts exactly, can say "any key but these", remembers where it has been
/// (a state is computed once, its set of allowed tokens as well), and nothing in it can fail but by an exception that ends one sequence.
/// </remarks>
internal sealed class Grammar
{
    /// <summary>The byte that stands for a control token the grammar does not know by its text. It is in no UTF-8 text.</summary>
    public const byte ControlToken = 0xFF;

    internal Grammar(GrammarStep[] steps, int start, IReadOnlyList<string> controlTexts)
    {
        Steps = steps;
        Start = start;
        ControlTexts = controlTexts;
        HasKeys = steps.Any(step => step.Kind == GrammarStepKind.BeginKey);
        (ByteClasses, ClassCount) = FindClasses(steps);
    }

    /// <summary>Control tokens that count as their text here, and whose text is part of the output; every other one is no text.</summary>
    public IReadOnlyList<string> ControlTexts { get; }

    /// <summary>Whether there are keys that must differ.</summary>
    internal bool HasKeys { get; }

    internal GrammarStep[] Steps { get; }

    internal int Start { get; }

    /// <summary>The class of each byte: bytes of one class lead to the same places from everywhere.</summary>
    internal byte[] ByteClasses { get; }

    internal int ClassCount { get; }

    /// <summary>Compiles a grammar.</summary>
    /// <param name="root">What the whole output must be.</param>
    /// <param name="controlTexts">Texts of control tokens that the grammar uses like any other text.</param>
    /// <exception cref="GrammarException">It cannot be used; the message says why.</exception>
    public static Grammar Compile(GrammarNode root, IReadOnlyList<string>? controlTexts = null)
    {
        try
        {
            return GrammarCompiler.Compile(root, controlTexts ?? []);
        }
        catch (InsufficientExecutionStackException)
        {
            throw new GrammarException("The grammar is nested too deep.");
        }
    }

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

/// <summary>What a step of a <see cref="Grammar"/> does.</summary>
internal enum GrammarStepKind : byte
{
    /// <summary>Reads a byte, and goes along every edge that has it.</summary>
    Read,

    /// <summary>Goes to each of its targets.</summary>
    Fork,

    /// <summary>Goes to its target, and to <see cref="GrammarStep.Next"/> once that returns.</summary>
    Call,

    /// <summary>Calls its target <see cref="GrammarStep.Min"/> to <see cref="GrammarStep.Max"/> times, then goes to <see cref="GrammarStep.Next"/>.</summary>
    Count,

    /// <summary>Begins a key: the bytes from here on are remembered.</summary>
    BeginKey,

    /// <summary>Ends a key, unless the innermost object has had it.</summary>
    EndKey,

    /// <summary>Goes back to who called; from the first call, the text is complete.</summary>
    Return,
}

/// <summary>One step of a <see cref="Grammar"/>.</summary>
internal readonly struct GrammarStep
{
    public GrammarStep()
    {
    }

    public GrammarStepKind Kind { get; init; }

    public ByteEdge[] Edges { get; init; } = [];

    public int[] Targets { get; init; } = [];

    public int Target { get; init; }

    /// <summary>Whether the call is an object, which remembers its keys.</summary>
    public bool IsObject { get; init; }

    public int Next { get; init; }

    public int Min { get; init; }

    public int Max { get; init; }
}

/// <param name="First">The smallest byte of the edge.</param>
/// <param name="Last">The largest.</param>
/// <param name="Target">Where it leads.</param>
internal readonly record struct ByteEdge(byte First, byte Last, int Target);
