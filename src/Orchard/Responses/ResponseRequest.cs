using System.Runtime.CompilerServices;
using Orchard.Validation;

namespace Orchard.Responses;

/// <summary>A request for a response. Immutable; one instance can be shared between calls and threads.</summary>
/// <remarks>Instances are compared by reference.</remarks>
public sealed record ResponseRequest
{
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>().AsReadOnly();

    /// <summary>
    /// The whole conversation so far, oldest item first, at least one item: earlier turns with their calls and outputs, then the new
    /// message.
    /// </summary>
    /// <remarks>
    /// Consecutive messages, reasoning items and calls of the model form one turn; their texts are concatenated unchanged. Each call needs
    /// its output before the next message.
    /// </remarks>
    public required IReadOnlyList<ResponseItem> Input { get; init; }

    /// <summary>
    /// Instructions to the model (default: null, none). System messages at the start of <see cref="Input"/> are appended to them, because
    /// many chat templates accept only one system message.
    /// </summary>
    public string? Instructions { get; init; }

    /// <summary>
    /// How to generate, with which tools and in which format (default: the defaults of <see cref="GenerationOptions"/>). A response has one
    /// answer, so <see cref="GenerationOptions.CandidateCount"/> must be 1 and <see cref="GenerationOptions.BestOf"/> null or 1.
    /// </summary>
    public GenerationOptions Options { get; init; } = GenerationOptions.Default;

    /// <summary>Metadata of the application (default: none). It is copied to the response and not used otherwise.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = NoMetadata;

    /// <summary>Returns whether the other instance is this one.</summary>
    /// <param name="other">The other instance.</param>
    public bool Equals(ResponseRequest? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>Returns a checked copy whose lists are not shared with the caller.</summary>
    /// <exception cref="ArgumentException">A property has a value that is not allowed. The message names the property.</exception>
    internal ResponseRequest Checked()
    {
        ArgumentNullException.ThrowIfNull(Options);
        ArgumentNullException.ThrowIfNull(Metadata);
        OptionRange.ThrowIf(
            Options.CandidateCount != 1,
            nameof(Options.CandidateCount),
            $"CandidateCount is {Options.CandidateCount}, but must be 1, because a response has one answer.");
        OptionRange.ThrowIf(
            Options.GeneratedCandidates != 1,
            nameof(Options.BestOf),
            $"BestOf is {Options.BestOf}, but must be null or 1, because a response has one answer.");
        ResponseItem[] input = Input is null ? [] : [.. Input];
        OptionRange.ThrowIf(input.Length == 0, nameof(Input), "Input is empty; it needs at least one item, usually a message of the user.");
        return this with { Input = input, Options = Options.Copy(), Metadata = new Dictionary<string, string>(Metadata) };
    }
}
