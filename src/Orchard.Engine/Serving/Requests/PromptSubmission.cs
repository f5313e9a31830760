using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Output;
using Orchard.Engine.Scheduling;
using Orchard.Engine.Serving.Models;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Serving.Requests;

/// <summary>A prompt that is ready for the scheduler. Immutable.</summary>
/// <param name="Accepted">The prompt's request.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Rules">The rules of its output.</param>
/// <param name="Adapters">Its LoRA adapters; null for none.</param>
internal sealed record PromptSubmission(
    AcceptedRequest Accepted, WirePrompt Prompt, PromptTokens Tokens, OutputRules Rules, AdapterSet? Adapters)
{
    private readonly uint _randomSeed = (uint)Random.Shared.NextInt64(uint.MaxValue + 1L);

    /// <summary>Compiles the output rules, tokenizes the prompt, encodes its images and sounds, and loads its adapters.</summary>
    /// <exception cref="Exception">The prompt is invalid or preparing it failed; see <see cref="RequestErrors.From"/>.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static async ValueTask<PromptSubmission> PrepareAsync(
        AcceptedRequest accepted, WirePrompt prompt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RefuseIfLong(accepted.Model, prompt);
        OutputRules rules = accepted.Model.OutputRules.Find(prompt, cancellationToken);
        if (rules.Grammar is not null && prompt.Extensions.IgnoreEndOfSequence)
        {
            throw new ArgumentException(
                "orchard.ignore_eos cannot be combined with a response format or tools, because these determine where the output ends.");
        }

        if (rules.Grammar is not null)
        {
            accepted.Model.PrepareGrammars();
        }

        cancellationToken.ThrowIfCancellationRequested();
        PromptTokens tokens = await PromptAssembly.TokenizeAsync(accepted, prompt, cancellationToken).ConfigureAwait(false);
        return new PromptSubmission(accepted, prompt, tokens, rules, accepted.Model.Adapters?.Load(prompt.Extensions.Lora));
    }

    // Tokenizing cannot be interrupted, so a text that is certainly too long is not tokenized.
    private static void RefuseIfLong(LoadedModelHandle model, WirePrompt prompt)
    {
        int fewestTokens = prompt.Text.Span.Length / model.Tokenizer.LongestToken;
        if (fewestTokens > model.Scheduler.ContextLength)
        {
            throw new ContextLengthException(fewestTokens, model.Scheduler.ContextLength);
        }
    }

    /// <summary>Returns the scheduler's request for one candidate.</summary>
    public SequenceRequest ToSequence(int candidate, ISequenceObserver observer) => new()
    {
        Prompt = Tokens.Tokens,
        Media = Tokens.Media,
        MaxTokens = Prompt.MaxGeneratedTokens,
        Sampling = PromptSampling.Create(Prompt, candidate, _randomSeed, Accepted.Model.EndTokens, Rules.Grammar),
        StopStrings = Prompt.StopSequences,
        Reasoning = Rules.Syntax?.Reasoning is { } marks ? new ReasoningMarks(marks.Start, marks.End, marks.IsOpen) : null,
        Adapters = Adapters,
        ControlTexts = Rules.Syntax?.ControlTexts ?? [],
        ClientId = Accepted.Request.ResponseChannelId,
        UsesPrefixCache = Prompt.PrefixCache,
        IsDeterministic = Prompt.Deterministic,
        Observer = observer,
        CancellationToken = Accepted.CancellationToken,
    };
}
