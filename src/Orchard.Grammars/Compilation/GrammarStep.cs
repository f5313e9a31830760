namespace Orchard.Grammars.Compilation;

/// <summary>One step of a <see cref="Grammar"/>. Which properties apply depends on its kind.</summary>
internal readonly struct GrammarStep
{
    public GrammarStep()
    {
    }

    public GrammarStepKind Kind { get; init; }

    /// <summary>The transitions of a <see cref="GrammarStepKind.Read"/>.</summary>
    public ByteEdge[] Edges { get; init; } = [];

    /// <summary>The targets of a <see cref="GrammarStepKind.Fork"/>.</summary>
    public int[] Targets { get; init; } = [];

    /// <summary>The step that is called.</summary>
    public int Target { get; init; }

    /// <summary>Whether the call is an object, whose keys must differ.</summary>
    public bool IsObject { get; init; }

    /// <summary>The step that follows.</summary>
    public int Next { get; init; }

    /// <summary>The minimum number of calls.</summary>
    public int Min { get; init; }

    /// <summary>The maximum number of calls.</summary>
    public int Max { get; init; }

    public static GrammarStep Fork(params int[] targets) => new() { Kind = GrammarStepKind.Fork, Targets = targets };
}
