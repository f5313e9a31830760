using System.Runtime.InteropServices;
using Orchard.Engine.Inference;

namespace Orchard.Engine.Scheduling;

/// <summary>One request on its way through the scheduler. Owned by the scheduler's thread.</summary>
/// <remarks>
/// <code>
/// Waiting           ─→ Prefilling   a slot is free
/// Prefilling        ─→ Decoding     the last prompt token is in the batch
/// Decoding          ─→ Ended        end of generation, stop string, token limit, full context
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
    private readonly int _tokenLimit;
    private ISampler? _sampler;
    private int _cachedTokens;
    private int _position;
    private int _lastToken;
    private int _generatedTokens;
    private readonly PromptLookup _lookup = new();
    private readonly int[] _guess = new int[PromptLookup.Longest];
    private int _guessed;
    private int _confirmed;

    /// <param name="request">What to generate; checked by the scheduler.</param>
    /// <param name="tokenizer">The model's vocabulary.</param>
    /// <param name="contextLength">Tokens one sequence may hold, prompt and completion together.</param>
    /// <param name="submittedStep">Steps decoded before it was submitted.</param>
    public Sequence(SequenceRequest request, ITokenizer tokenizer, int contextLength, long submittedStep)
    {
        SubmittedStep = submittedStep;
        _request = request;
        _tokenizer = tokenizer;
        _text = new CompletionText(tokenizer, request.StopStrings, [.. request.ControlTexts, .. request.Sampling.Grammar?.ControlTexts ?? []]);

        int room = contextLength - request.Prompt.Length;
        _tokenLimit = request.MaxTokens == 0 ? room : Math.Min(request.MaxTokens, room);
    }

    public SequenceState State { get; private set; }

    /// <summary>Its place in the KV cache, from its start to its end; -1 before.</summary>
    public int Slot { get; private set; } = -1;

    /// <summary>Steps decoded before it was submitted.</summary>
    public long SubmittedStep { get; }

    /// <summary>Steps decoded when it had its first token; null before.</summary>
    public long? FirstTokenStep { get; private set; }

    public bool IsCancelled => _request.CancellationToken.IsCancellationRequested;

    public SamplingParameters Sampling => _request.Sampling;

    /// <summary>What it is computed with; sequences of different adapters cannot share a batch, nor what they have computed.</summary>
    public AdapterSet? Adapters => _request.Adapters;

    public ReadOnlySpan<int> Prompt => _request.Prompt;

    public ulong ClientId => _request.ClientId;

    public bool IsDeterministic => _request.IsDeterministic;

    /// <summary>Whether it reads and writes the prefix cache. What was computed in batches with others is not good enough for a deterministic one.</summary>
    public bool UsesPrefixCache => _request.UsesPrefixCache && !_request.IsDeterministic;

    public SequenceLoad Load => new(Slot, Math.Max(_request.Prompt.Length - _position, 0));

    /// <summary>
    /// Tokens its slot holds at most when its prompt and so many tokens after it, or after those it has decoded already, are decoded.
    /// </summary>
    public int LengthAfter(int tokens) => Math.Min(Math.Max(_request.Prompt.Length, _position) + tokens, _request.Prompt.Length + _tokenLimit);

    /// <summary>Where in the batch under way the logits for the next token will be; null while the prompt goes on.</summary>
    public int? LogitsIndex { get; private set; }

    /// <summary>Takes its slot, which holds the first <paramref name="cachedTokens"/> tokens of the prompt.</summary>
    public void Start(int slot, int cachedTokens, ISampler sampler)
    {
        Slot = slot;
        _position = _cachedTokens = cachedTokens;
        _sampler = sampler;
        State = SequenceState.Prefilling;
        _request.Observer.OnStarted();
    }

    /// <summary>
    /// Guesses tokens that may follow its newest, to be decoded together with it: each one that comes true saves a step. Returns how many;
    /// they are part of its next share of a batch.
    /// </summary>
    /// <param name="before">What its slot holds: all its tokens but the newest.</param>
    /// <param name="most">How many may be guessed.</param>
    public int Guess(ReadOnlySpan<int> before, int most)
    {
        // The last token is not worth guessing: the one before it has its logits.
        most = Math.Min(most, _tokenLimit - _generatedTokens - 1);
        ReadOnlySpan<int> guess = State == SequenceState.Decoding && _sampler!.HasNoMemory ? _lookup.Guess(before, _lastToken, most) : default;
        guess.CopyTo(_guess);
        _guessed = guess.Length;
        return _guessed;
    }

    /// <summary>Fills its <paramref name="share"/> of a batch, which begins at <paramref name="batchIndex"/>, with its next tokens.</summary>
    public void FillBatch(Span<BatchToken> share, int batchIndex)
    {
        int[] prompt = _request.Prompt;
        int newest = prompt.Length + _generatedTokens - 1;
        LogitsIndex = null;
        _confirmed = 0;
        for (int i = 0; i < share.Length; i++, _position++)
        {
            int token = _position < prompt.Length ? prompt[_position] : _position == newest ? _lastToken : _guess[_position - newest - 1];
            share[i] = new BatchToken(token, _position, Slot, NeedsLogits: _position >= newest);
            if (_position == newest)
            {
                LogitsIndex = batchIndex + i;
                State = SequenceState.Decoding;
            }
        }
    }

    /// <summary>Whether the token it has just chosen was guessed, so that the logits of the next are in the same batch.</summary>
    public bool ConfirmGuess()
    {
        if (_confirmed == _guessed || _guess[_confirmed] != _lastToken)
        {
            return false;
        }

        _confirmed++;
        LogitsIndex++;
        return true;
    }

    /// <summary>Forgets the guesses that did not come true. Returns whether there were any: its slot is to be cut to <paramref name="length"/> then.</summary>
    /// <param name="decodes">How many decodes of one token the last one took as long as; null: not known.</param>
    /// <param name="length">How many tokens are left.</param>
    public bool DropGuess(double? decodes, out int length)
    {
        int wrong = _guessed - _confirmed;
        if (_guessed > 0)
        {
            _lookup.Learn(_guessed, _confirmed, decodes);
        }

        _guessed = _confirmed = 0;
        _position -= wrong;
        length = _position;
        return wrong > 0;
    }

    /// <summary>Chooses the next token and takes it in. Returns why that ends the sequence, or null when it goes on.</summary>
    /// <remarks>The end-of-generation token is not part of the completion: it is neither reported nor counted.</remarks>
    /// <param name="logits">Of the next token.</param>
    /// <param name="step">Steps decoded so far.</param>
    public SequenceEnd? Advance(Span<float> logits, long step)
    {
        int token = _sampler!.Sample(logits);
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
        if (_sampler.LastSampled is { } sampled)
        {
            _unreportedLogprobs.Add(sampled);
        }

        _text.Append(token);
        if (_text.StopString is { } stopString)
        {
            return new SequenceEnd(SequenceEndReason.Stop, StopString: stopString);
        }

        if (_sampler.IsFinished)
        {
            return new SequenceEnd(SequenceEndReason.Stop);
        }

        return _generatedTokens == _tokenLimit ? SequenceEnd.Length : null;
    }

    /// <summary>Tells the observer what is new. Says nothing while all text is held back: the tokens come with it later.</summary>
    public void Report()
    {
        if (!_text.Decided.IsEmpty)
        {
            Tell(end: null);
        }
    }

    /// <summary>Tells the observer the end and everything held back until now. Never throws.</summary>
    public void End(SequenceEnd end)
    {
        State = SequenceState.Ended;
        _text.Complete();
        try
        {
            _sampler?.Dispose();
        }
        catch (Exception)
        {
            // The sequence is over all the same, and its observer must hear so.
        }

        try
        {
            Tell(end);
        }
        catch (Exception)
        {
            // An observer must not throw. This one has had its last call: nothing is left to tell it, and the others go on.
        }
    }

    private void Tell(SequenceEnd? end)
    {
        _request.Observer.OnProgress(new SequenceProgress
        {
            Text = _text.Decided,
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

/// <summary>Where a <see cref="Sequence"/> is on its way.</summary>
internal enum SequenceState
{
    Waiting,
    Prefilling,
    Decoding,
    Ended,
}
