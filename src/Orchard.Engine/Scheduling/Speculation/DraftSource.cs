namespace Orchard.Engine.Scheduling.Speculation;

/// <summary>Where the tokens of a draft come from.</summary>
internal enum DraftSource
{
    /// <summary>The grammar of the output: what it leaves no choice about, and what came at the same place before.</summary>
    Grammar,

    /// <summary>The grammar of the output, where it is not known yet how the model divides a text into tokens.</summary>
    UntriedGrammar,

    /// <summary>An earlier occurrence of the last tokens in the text; see <see cref="PromptLookup"/>.</summary>
    Lookup,

    /// <summary>A smaller model; see <see cref="DraftModel"/>.</summary>
    Model,
}
