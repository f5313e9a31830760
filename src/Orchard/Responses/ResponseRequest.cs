namespace Orchard.Responses;

/// <summary>What is asked for in a response. Immutable; share one instance between calls and threads.</summary>
public sealed record ResponseRequest
{
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>().AsReadOnly();

    /// <summary>The whole conversation so far, oldest first, at least one item: earlier turns with their calls and outputs, and what is asked now.</summary>
    /// <remarks>
    /// Messages, thoughts and calls of the model that follow each other are one turn of its; their texts are joined as they are. Every call
    /// needs its output before the conversation goes on.
    /// </remarks>
    public required IReadOnlyList<ResponseItem> Input { get; init; }

    /// <summary>
    /// Standing instructions to the model (default: null, none). Messages of the system at the beginning of <see cref="Input"/> are appended
    /// to them, since many templates take one such message only.
    /// </summary>
    public string? Instructions { get; init; }

    /// <summary>
    /// How to generate, with which tools, in which format (default: <see cref="GenerationOptions"/> as they are). A response has one
    /// answer: <see cref="GenerationOptions.CandidateCount"/> is 1, <see cref="GenerationOptions.BestOf"/> null or 1.
    /// </summary>
    public GenerationOptions Options { get; init; } = GenerationOptions.Default;

    /// <summary>Notes of the caller, which the response has as well; nothing else is done with them (default: none).</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = NoMetadata;

    /// <summary>Has to be null, as it is by default: no response is kept that another could go on from. Put the earlier items into <see cref="Input"/>.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>Whether to keep the response for later; has to be null or false, as it is by default (null).</summary>
    public bool? Store { get; init; }

    /// <summary>Whether to generate without anybody waiting; has to be null or false, as it is by default (null).</summary>
    public bool? Background { get; init; }

    /// <summary>The same, with lists that nobody else holds.</summary>
    /// <exception cref="ArgumentException">It asks for what there is not, or has no input. The message names the property.</exception>
    internal ResponseRequest Checked()
    {
        RefuseState();
        ArgumentNullException.ThrowIfNull(Options);
        ArgumentNullException.ThrowIfNull(Metadata);
        Require(Options.CandidateCount == 1, nameof(Options.CandidateCount), $"CandidateCount is {Options.CandidateCount}; a response has one answer, so it must be 1.");
        Require(Options.GeneratedCandidates == 1, nameof(Options.BestOf), $"BestOf is {Options.BestOf}; a response has one answer, so it must be null or 1.");
        ResponseItem[] input = Input is null ? [] : [.. Input];
        Require(input.Length > 0, nameof(Input), "The input has no items; it needs at least one, usually the user's question.");
        return this with { Input = input, Options = Options.Copy(), Metadata = new Dictionary<string, string>(Metadata) };
    }

    private void RefuseState()
    {
        Require(
            PreviousResponseId is null, nameof(PreviousResponseId),
            $"PreviousResponseId is '{PreviousResponseId}', but Orchard keeps no state between calls. Leave it at null, and put the items of the earlier input and output before the new ones in Input.");
        Require(
            Store is not true, nameof(Store),
            "Store is true, but Orchard keeps no state between calls. Leave it at null or false, keep the response yourself, and put its items into the next Input.");
        Require(
            Background is not true, nameof(Background),
            "Background is true, but Orchard keeps no state between calls, so nobody could ask for the response later. Leave it at null or false, and await the call in a task of your own.");
    }

    private static void Require(bool condition, string name, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message, name);
        }
    }
}
