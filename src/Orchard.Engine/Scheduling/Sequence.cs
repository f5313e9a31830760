using System.Runtime.InteropServices;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Prefixes;
using Orchard.Engine.Scheduling.Speculation;
using Orchard.Grammars.Compilation;

namespace Orchard.Engine.Scheduling;

/// <summary>A request in the scheduler. Owned by the scheduler's thread.</summary>
/// <remarks>
/// <code>
/// Waiting           ─→ Prefilling   a slot is free
/// Prefilling        ─→ Decoding     the last prompt token is in the batch
/// Decoding          ─→ Ended        end of generation, stop sequence, token limit, full context
/// any but Ended     ─→ Ended        cancelled, failed, or the scheduler stops
/// </code>
/// </remarks>
internal sealed class Sequence
{
    private readonly SequenceRequest _request;
    private readonly ITokenizer _tokenizer;
    private readonly CompletionText _text;
    private readonly List<int> _unreportedTokens = [];
    private readonly List<SampledToken> _unreportedLogprobs = [];
    private readonly SequenceDraft _draft = new();
    private readonly CheckpointPlan _checkpoints = new();
    private readonly int _tokenLimit;
    private ISampler? _sampler;
    private int _cachedTokens;
    private int _position; // in tokens
    private int _skipped; // positions by which the images before take fewer than tokens
    private int _lastToken;
    private int _generatedTokens;

    /// <param name="request">What to generate; validated by the scheduler.</param>
    /// <param name="tokenizer">The model's vocabulary.</param>
    /// <param name="contextLength">Maximum number of tokens, prompt and completion together.</param>
    /// <param name="submittedStep">Number of steps decoded when it was submitted.</param>
    public Sequence(SequenceRequest request, ITokenizer tokenizer, int contextLength, long submittedStep)
    {
        SubmittedStep = submittedStep;
        PrefixHash = SlotTable.HashPrefix(request.Prompt);
        _request = request;
        _tokenizer = tokenizer;
        _text = new CompletionText(
            tokenizer,
            request.StopStrings,
            [.. request.ControlTexts, .. request.Sampling.Grammar?.ControlTexts ?? []],
            request.Reasoning);

        int room = contextLength - request.Prompt.Length;
        _tokenLimit = request.MaxTokens == 0 ? room : Math.Min(request.MaxTokens, room);
    }

    public SequenceState State { get; private set; }

    /// <summary>Slot in the KV cache; -1 before it starts.</summary>
    public int Slot { get; private set; } = -1;

    /// <summary>Number of steps decoded when it was submitted.</summary>
    public long SubmittedStep { get; }

    /// <summary>Its place in the order of arrival.</summary>
    public long Arrival { get; set; }

    /// <summary>Whether it was looked for a file with its first tokens.</summary>
    public bool WasLookedUp { get; set; }

    /// <summary>The file with its first tokens, until it starts; null if there is none.</summary>
    public PrefixLoad? Stored { get; set; }

    /// <summary>Sequences with different values have no prefix in common that one of them could wait for.</summary>
    public int PrefixHash { get; }

    /// <summary>Number of its tokens in the KV cache.</summary>
    public int ComputedTokens => _position;

    /// <summary>Number of steps decoded when it got its first token; null before.</summary>
    public long? FirstTokenStep { get; private set; }

    public bool IsCancelled => _request.CancellationToken.IsCancellationRequested;

    public SamplingParameters Sampling => _request.Sampling;

    /// <summary>LoRA adapters. Sequences with different adapters can share neither a batch nor cached tokens.</summary>
    public AdapterSet? Adapters => _request.Adapters;

    public ReadOnlySpan<int> Prompt => _request.Prompt;

    /// <summary>The images and sounds in the prompt; null if there are none.</summary>
    public MediaSpans? Media => _request.Media;

    public ulong ClientId => _request.ClientId;

    public bool IsDeterministic => _request.IsDeterministic;

    /// <summary>
    /// Whether it reads the prefix cache and adds to it. A deterministic sequence does not, because tokens computed in shared batches are
    /// not identical to the last bit.
    /// </summary>
    public bool UsesPrefixCache => _request.UsesPrefixCache && !_request.IsDeterministic;

    /// <summary>What the next step has to process of it, up to the next checkpoint.</summary>
    public SequenceLoad Load => new(Slot, Math.Max(NextBorder() - _position, 0));

    /// <summary>The image or sound of which the next step has to process tokens; null if these are tokens of the vocabulary.</summary>
    public MediaSpan? NextMedia => _request.Media?.At(_position);

    /// <summary>Index in the current batch of the logits for the next token; null while the prompt is incomplete.</summary>
    public int? LogitsIndex { get; private set; }

    /// <summary>Whether the next token is sampled from logits, because it is not certain.</summary>
    public bool NeedsLogits => _draft.NextCertain is null;

    /// <summary>Returns whether that many tokens complete its prompt.</summary>
    public bool Completes(int share) => State == SequenceState.Prefilling && _position + share == _request.Prompt.Length;

    /// <summary>The last token that it has generated, which is not in the KV cache yet.</summary>
    public int NewestToken => _lastToken;

    /// <summary>The tokens that it decodes beside the newest one.</summary>
    public SequenceDraft Drafted => _draft;

    /// <summary>
    /// Maximum number of tokens to draft. The last token of the sequence need not be drafted: its logits come with the one before it.
    /// </summary>
    public int MaxDraft => _tokenLimit - _generatedTokens - 1;

    /// <summary>Returns the maximum length after decoding the prompt and <paramref name="tokens"/> tokens more than now.</summary>
    public int LengthAfter(int tokens) =>
        Math.Min(Math.Max(_request.Prompt.Length, _position) + tokens, _request.Prompt.Length + _tokenLimit);

    /// <summary>Whether some but not all of an image or sound is in the KV cache.</summary>
    public bool IsInsideMedia => NextMedia is { } span && span.Start < _position;

    /// <summary>Returns the positions at the end of a number of tokens.</summary>
    public CachedLength PositionsOf(int tokens) => _request.Media?.LengthOf(tokens) ?? tokens;

    /// <summary>Assigns a slot that holds the first <paramref name="cachedTokens"/> tokens of the prompt.</summary>
    public void Start(int slot, int cachedTokens, ISampler sampler)
    {
        Slot = slot;
        _position = _cachedTokens = cachedTokens;
        _skipped = SkippedPositions();
        _sampler = sampler;
        State = SequenceState.Prefilling;
        _request.Observer.OnStarted();
    }

    /// <summary>Plans where the prompt is interrupted to keep a checkpoint.</summary>
    public void PlanCheckpoints() => _checkpoints.Plan(Prompt, _position, _tokenizer.IsMark, Media);

    /// <summary>Plans a checkpoint after a number of prompt tokens. Returns false if these are computed already.</summary>
    public bool TryPlanCheckpoint(int tokens)
    {
        if (tokens <= _position)
        {
            return false;
        }

        _checkpoints.Add(tokens);
        return true;
    }

    /// <summary>Returns whether a checkpoint was planned after the tokens that are computed now; it is not any more.</summary>
    public bool LeavesCheckpoint() => _checkpoints.Remove(_position);

    /// <summary>
    /// Drafts tokens to decode together with the newest one, which may be the last of the prompt. They become part of the sequence's next
    /// share of a batch. Returns their number.
    /// </summary>
    /// <param name="before">The tokens in its slot: all but the newest.</param>
    /// <param name="max">Maximum number of tokens to draft.</param>
    /// <param name="control">Decides what pays off.</param>
    /// <param name="sequences">Number of sequences in the batch.</param>
    public int Draft(ReadOnlySpan<int> before, int max, DraftControl control, int sequences)
    {
        max = Math.Min(max, MaxDraft);
        return State == SequenceState.Decoding
            ? _draft.Propose(_sampler!, before, _lastToken, max, control, sequences)
            : _draft.ProposeFirst(_sampler!, max, control);
    }

    /// <summary>Fills the sequence's <paramref name="share"/> of a batch with its next tokens.</summary>
    /// <param name="share">A part of the batch.</param>
    /// <param name="batchIndex">Index of that part in the batch.</param>
    public void FillBatch(Span<BatchToken> share, int batchIndex)
    {
        int[] prompt = _request.Prompt;
        int newest = prompt.Length + _generatedTokens - 1;
        LogitsIndex = null;
        for (int i = 0; i < share.Length; i++, _position++)
        {
            int token = _position < prompt.Length ? prompt[_position] : _position == newest ? _lastToken : _draft[_position - newest - 1];
            bool needsLogits = _position >= newest && !_draft.IsCertain(_position - newest);
            share[i] = new BatchToken(token, _position - _skipped, Slot, needsLogits);
            if (_position == newest)
            {
                LogitsIndex = batchIndex + i;
                State = SequenceState.Decoding;
            }
        }

        _skipped = _request.Media is null ? 0 : SkippedPositions();
    }

    /// <summary>Returns whether the token just sampled was drafted, so that the batch has the logits of the next token as well.</summary>
    public bool AcceptDraftToken()
    {
        if (!_draft.Accept(_lastToken))
        {
            return false;
        }

        LogitsIndex++;
        return true;
    }

    /// <summary>
    /// Ends a draft. Returns whether tokens were rejected, in which case the slot must be trimmed to <paramref name="length"/>.
    /// </summary>
    /// <param name="control">Learns from the outcome.</param>
    /// <param name="sequences">Number of sequences in the batch.</param>
    /// <param name="length">Number of tokens that remain.</param>
    public bool EndDraft(DraftControl control, int sequences, out int length)
    {
        int rejected = _draft.End(control, sequences);
        _position -= rejected;
        length = _position;
        return rejected > 0;
    }

    /// <summary>Samples the next token. Returns the end if that ends the sequence, or null.</summary>
    /// <remarks>An end-of-generation token is not part of the completion: it is neither reported nor counted.</remarks>
    /// <param name="logits">Logits of the next token; unused if <see cref="NeedsLogits"/> is false.</param>
    /// <param name="step">Number of steps decoded so far.</param>
    public SequenceEnd? Advance(Span<float> logits, long step)
    {
        int token = Next(logits);
        if (FirstTokenStep is null)
        {
            FirstTokenStep = step;
            _request.Observer.OnPrefilled();
        }

        if (_tokenizer.IsEndOfGeneration(token))
        {
            return new SequenceEnd(SequenceEndReason.Stop, StopToken: token);
        }

        _lastToken = token;
        _generatedTokens++;
        _unreportedTokens.Add(token);
        if (_sampler!.LastSampled is { } sampled)
        {
            _unreportedLogprobs.Add(sampled);
        }

        _text.Append(token);
        if (_text.StopString is { } stopString)
        {
            return new SequenceEnd(SequenceEndReason.Stop, StopString: stopString);
        }

        if (_sampler!.IsFinished)
        {
            return new SequenceEnd(SequenceEndReason.Stop);
        }

        return _generatedTokens == _tokenLimit ? SequenceEnd.Length : null;
    }

    /// <summary>Reports how much of the prompt is computed to the observer, while it is incomplete.</summary>
    public void ReportPrefill() => _request.Observer.OnPrefilling(_position, _request.Prompt.Length);

    /// <summary>Reports new text to the observer. While all text is held back, the tokens are held back with it.</summary>
    public void Report()
    {
        if (!_text.Final.IsEmpty)
        {
            Notify(end: null);
        }
    }

    /// <summary>Reports the end and everything held back until now to the observer. Never throws.</summary>
    public void End(SequenceEnd end)
    {
        State = SequenceState.Ended;
        _text.Complete();
        try
        {
            Notify(end);
        }
        catch (Exception)
        {
            // Observers must not throw. This was the last call to this one, and the other sequences must continue.
        }
    }

    private int SkippedPositions() => _request.Media is { } media ? _position - media.PositionOf(_position) : 0;

    // The next checkpoint, image or end of an image.
    private int NextBorder()
    {
        int next = _checkpoints.NextAfter(_position, _request.Prompt.Length);
        return _request.Media is not { } media ? next
            : media.At(_position) is { } span ? Math.Min(span.End, next)
            : media.NextFrom(_position, next);
    }

    private int Next(Span<float> logits)
    {
        if (_draft.NextCertain is not { } token)
        {
            return _sampler!.Sample(logits);
        }

        _sampler!.Accept(token);
        return token;
    }

    private void Notify(SequenceEnd? end)
    {
        _request.Observer.OnProgress(new SequenceProgress
        {
            Text = _text.Final,
            Tokens = CollectionsMarshal.AsSpan(_unreportedTokens),
            Logprobs = CollectionsMarshal.AsSpan(_unreportedLogprobs),
            GeneratedTokens = _generatedTokens,
            PromptTokens = _request.Prompt.Length,
            CachedTokens = _cachedTokens,
            End = end,
        });
        _text.Clear();
        _unreportedTokens.Clear();
        _unreportedLogprobs.Clear();
    }
}
