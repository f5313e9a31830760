using System.Buffers;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Hosting;
using Orchard.Engine.Inference;
using Orchard.Engine.Output;
using Orchard.Engine.Scheduling;
using Orchard.Engine.Serving.Models;
using Orchard.Grammars;
using Orchard.Grammars.Compilation;
using Orchard.Grammars.Schemas;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving;

/// <summary>
/// Takes request frames off the PULL socket: decodes, checks, tokenizes, and submits one sequence per (prompt, candidate). Whatever
/// is wrong goes back as an error delta, one per sequence. Thread-safe.
/// </summary>
/// <remarks>
/// Tokenizing runs beside the read loop. At most <see cref="MaxPreparing"/> requests are prepared at once; a further one makes its
/// connection wait, which pushes back on the peer. At most <see cref="MaxActiveSequences"/> sequences run or wait; a request that
/// would exceed that is refused as overloaded.
/// </remarks>
internal sealed class RequestHandler : IAsyncDisposable
{
    public const int MaxPreparing = 64;
    public const int MaxActiveSequences = 16 * 1024;

    private readonly SemaphoreSlim _preparing = new(MaxPreparing);
    private readonly CancellationTokenSource _stopping = new();
    private readonly LoadedModels _models;
    private readonly ActiveRequests _active;
    private readonly IDeltaSink _deltas;
    private readonly ILogger _logger;
    private readonly Lazy<Task> _disposal;
    private ulong _lastSequenceId;

    public RequestHandler(LoadedModels models, ActiveRequests active, IDeltaSink deltas, ILogger logger)
    {
        _models = models;
        _active = active;
        _deltas = deltas;
        _logger = logger;
        _disposal = new Lazy<Task>(() => Task.Run(DrainAsync));
    }

    /// <summary>How many requests are being prepared.</summary>
    public int Preparing => MaxPreparing - _preparing.CurrentCount;

    /// <summary>Takes one frame. Its bytes are not needed any more when this returns.</summary>
    public async ValueTask HandleAsync(ReadOnlySequence<byte> bytes)
    {
        RequestFrame frame;
        try
        {
            frame = RequestFrameReader.Read(bytes);
        }
        catch (RequestFrameException e)
        {
            RefuseFrame(e);
            return;
        }

        await HandleAsync(frame).ConfigureAwait(false);
    }

    /// <summary>Takes one decoded request.</summary>
    public async ValueTask HandleAsync(RequestFrame frame)
    {
        if (FindModel(frame, out ModelHost? host, out LoadedModelHandle? model) is { } notServed)
        {
            Refuse(frame, notServed);
            return;
        }

        int sequences = RequestRules.CountSequences(frame);
        if (_active.TryAdd(frame.ResponseChannelId, frame.RequestId, sequences, MaxActiveSequences) is not { } request)
        {
            Refuse(frame, new RequestError(
                ErrorCode.Overloaded,
                $"The request needs {sequences} sequences, but {_active.Sequences} of at most {MaxActiveSequences} are under way; try again later."));
            return;
        }

        if (frame.WantsAcknowledgement)
        {
            _deltas.Publish(frame.ResponseChannelId, new ResponseDelta
            {
                RequestId = frame.RequestId,
                FinishReason = FinishReasons.Delta,
                IsAcknowledgement = true,
            });
        }

        try
        {
            await _preparing.WaitAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _active.Remove(request);
            Refuse(frame, new RequestError(ErrorCode.ShuttingDown, "The engine is shutting down."));
            return;
        }

        // Observed: PrepareAsync never throws, and its slot is what DisposeAsync waits for.
        _ = Task.Run(() => PrepareAsync(frame, request, host!, model!), CancellationToken.None);
    }

    /// <summary>Waits until no request is being prepared; those that come now are refused.</summary>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task DrainAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        for (int slot = 0; slot < MaxPreparing; slot++)
        {
            await _preparing.WaitAsync().ConfigureAwait(false);
        }
    }

    private RequestError? FindModel(RequestFrame frame, out ModelHost? host, out LoadedModelHandle? model)
    {
        host = _models.Find(frame.ModelId);
        model = host?.Model;
        if (model is null)
        {
            string state = host is { IsLoading: true } ? "is still loading" : "is not loaded";
            return new RequestError(ErrorCode.ModelNotLoaded, $"Model '{frame.ModelId}' {state}; load it and wait until it is ready.");
        }

        return RequestRules.Check(frame, model.VocabularySize)
            ?? (frame.Type == RequestType.Generation && !model.GeneratesText
                ? new RequestError(ErrorCode.Unsupported, $"Model '{frame.ModelId}' does not generate text; it is there for embeddings or ranks.")
                : null);
    }

    private async Task PrepareAsync(RequestFrame frame, ActiveRequest request, ModelHost host, LoadedModelHandle model)
    {
        try
        {
            if (frame.Type == RequestType.Embedding)
            {
                await new EmbeddingHandler(frame, request, model, _deltas, _logger)
                {
                    AddressOf = index => NextAddress(frame, index, candidate: 0),
                    ToError = e => ToError(e, frame, host),
                    OnEnd = () => EndSequence(request),
                }.RunAsync().ConfigureAwait(false);
                return;
            }

            foreach (PromptFrame prompt in frame.Prompts)
            {
                SubmitPrompt(frame, prompt, request, host, model);
            }
        }
        finally
        {
            _preparing.Release();
        }
    }

    private void SubmitPrompt(RequestFrame frame, PromptFrame prompt, ActiveRequest request, ModelHost host, LoadedModelHandle model)
    {
        int[]? tokens = null;
        AdapterSet? adapters = null;
        OutputRules? rules = null;
        RequestError? error = null;
        try
        {
            rules = model.OutputRules.Find(prompt);
            if (rules.Grammar is not null && prompt.Extensions.IgnoreEndOfSequence)
            {
                throw new ArgumentException("orchard.ignore_eos cannot go with a response format or tools, which say where the answer ends.");
            }

            tokens = model.Tokenizer.Tokenize(prompt.Text.Span, prompt.Extensions.Plain);
            adapters = model.Adapters?.Load(prompt.Extensions.Lora);
        }
        catch (Exception e)
        {
            error = ToError(e, frame, host);
        }

        uint randomSeed = (uint)Random.Shared.NextInt64(uint.MaxValue + 1L);
        SequenceResponder[] responders = [.. Enumerable.Range(0, prompt.CandidateCount).Select(Respond)];
        foreach (SequenceResponder[] same in AlikeOf(prompt, responders))
        {
            error ??= TrySubmit(frame, prompt, Array.IndexOf(responders, same[0]), randomSeed, tokens!, adapters, rules!, ObserverOf(same), request, host, model);
            if (error is { } refusal)
            {
                Array.ForEach(same, responder => responder.Fail(refusal));
            }
        }

        if (error is { } logged)
        {
            _logger.RequestRefused(frame.RequestId, frame.ResponseChannelId, logged.Code);
        }

        SequenceResponder Respond(int candidate) => new(
            NextAddress(frame, prompt.PromptIndex, candidate), model.Tokenizer, _deltas, () => EndSequence(request), _logger, request.CancellationToken)
        {
            Logprobs = LogprobReport.IsWanted(prompt) ? new LogprobReport(prompt, model.Tokenizer) : null,
            Stopwatch = frame.TraceParent is { } traceParent ? new SequenceStopwatch(traceParent, TimeProvider.System) : null,
            Output = rules?.Syntax is { } syntax ? new OutputReader(syntax) : null,
        };
    }

    // Greedy candidates cannot differ: one sequence is enough for all of them.
    private static IEnumerable<SequenceResponder[]> AlikeOf(PromptFrame prompt, SequenceResponder[] responders) =>
        responders.Length > 1 && !(prompt.Temperature > 0) ? [responders] : responders.Chunk(1);

    private static ISequenceObserver ObserverOf(SequenceResponder[] same) => same.Length == 1 ? same[0] : new SharedProgress(same);

    private RequestError? TrySubmit(
        RequestFrame frame,
        PromptFrame prompt,
        int candidate,
        uint randomSeed,
        int[] tokens,
        AdapterSet? adapters,
        OutputRules rules,
        ISequenceObserver observer,
        ActiveRequest request,
        ModelHost host,
        LoadedModelHandle model)
    {
        try
        {
            model.Scheduler.Submit(new SequenceRequest
            {
                Prompt = tokens,
                MaxTokens = prompt.MaxGeneratedTokens,
                Sampling = RequestRules.ToSampling(prompt, candidate, randomSeed, model.EndTokens, rules.Grammar),
                StopStrings = prompt.StopSequences,
                Adapters = adapters,
                ControlTexts = rules.Syntax?.ControlTexts ?? [],
                ClientId = frame.ResponseChannelId,
                UsesPrefixCache = prompt.PrefixCache,
                IsDeterministic = prompt.Deterministic,
                Observer = observer,
                CancellationToken = request.CancellationToken,
            });
            return null;
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            _logger.ModelDiscarded(host.CanonicalId, e);
            host.Discard(model, e.Message);
            return new RequestError(ErrorCode.ModelNotLoaded, e.Message);
        }
        catch (Exception e)
        {
            return ToError(e, frame, host);
        }
    }

    private RequestError ToError(Exception exception, RequestFrame frame, ModelHost host)
    {
        switch (exception)
        {
            case ContextLengthException e:
                return new RequestError(ErrorCode.ContextLengthExceeded, e.Message, e.PromptTokens);

            case SchemaException e:
                return new RequestError(ErrorCode.UnsupportedSchema, e.Message, SchemaPath: e.Path, SchemaKeyword: e.Keyword);

            case GrammarException:
                return new RequestError(ErrorCode.InvalidResponseFormat, exception.Message);

            case ArgumentException or ModelFileException:
                return new RequestError(ErrorCode.InvalidRequest, exception.Message);

            case ObjectDisposedException when host.IsStopping:
                return new RequestError(ErrorCode.ShuttingDown, "The engine is shutting down.");

            case ObjectDisposedException:
                return new RequestError(ErrorCode.ModelNotLoaded, $"Model '{frame.ModelId}' has just been unloaded.");

            default:
                _logger.RequestFailed(frame.RequestId, frame.ResponseChannelId, exception);
                return new RequestError(ErrorCode.Internal, exception.Message);
        }
    }

    private void Refuse(RequestFrame frame, RequestError error)
    {
        _logger.RequestRefused(frame.RequestId, frame.ResponseChannelId, error.Code);
        if (frame.Prompts.Count == 0 || RequestRules.CountSequences(frame) > RequestRules.MaxSequences)
        {
            _deltas.Publish(frame.ResponseChannelId, ErrorDelta.ForRequest(frame.RequestId, error));
            return;
        }

        foreach (PromptFrame prompt in frame.Prompts)
        {
            for (int candidate = 0; candidate < prompt.CandidateCount; candidate++)
            {
                _deltas.Publish(frame.ResponseChannelId, ErrorDelta.For(NextAddress(frame, prompt.PromptIndex, candidate), error));
            }
        }
    }

    private void RefuseFrame(RequestFrameException exception)
    {
        _logger.FrameRefused(exception.Message);
        if (exception is { RequestId: { } requestId, ResponseChannelId: { } channel })
        {
            _deltas.Publish(channel, ErrorDelta.ForRequest(requestId, new RequestError(ErrorCode.InvalidRequest, exception.Message)));
        }
    }

    private void EndSequence(ActiveRequest request)
    {
        if (request.EndSequence())
        {
            _active.Remove(request);
        }
    }

    private SequenceAddress NextAddress(RequestFrame frame, int promptIndex, int candidate) => new(
        frame.ResponseChannelId, frame.RequestId, Interlocked.Increment(ref _lastSequenceId), promptIndex, candidate);
}
