using System.Buffers;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Serving.Models;
using Orchard.Engine.Serving.Publishing;
using Orchard.Engine.Serving.Responses;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;
using Orchard.Protocol.Sockets;

namespace Orchard.Engine.Serving.Requests;

/// <summary>
/// Handles the messages of the PULL socket: decodes and checks requests, and submits one sequence per prompt and candidate. Every error is
/// sent back as one final delta per sequence. Thread-safe.
/// </summary>
/// <remarks>
/// Requests are prepared on the thread pool, a few at once, and the clients in turn. Grammars are compiled apart from everything else,
/// since that can take long: requests without one, or with one in the cache, do not wait for it. Neither does anything wait for images and
/// sound of other requests, which are encoded one after another. At most <see cref="MaxActiveSequences"/>
/// sequences are active; a request that would exceed the limit is refused as overloaded.
/// </remarks>
internal sealed class RequestHandler : IAsyncDisposable
{
    public const int MaxActiveSequences = 16 * 1024;

    private const int MediaSlots = 32;

    private static readonly int PlainSlots = Math.Max(4, Environment.ProcessorCount);
    private static readonly int CompilationSlots = Math.Max(2, Environment.ProcessorCount / 2);

    private readonly PreparationQueue _plain = new(PlainSlots, PlainSlots / 2);
    private readonly PreparationQueue _compiling = new(CompilationSlots, slotsPerClient: 1);
    private readonly PreparationQueue _media = new(MediaSlots, MediaSlots / 4);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SequenceAddresses _addresses = new();
    private readonly LoadedModels _models;
    private readonly ActiveRequests _active;
    private readonly ClientChannels _channels;
    private readonly IDeltaSink _deltas;
    private readonly ILogger _logger;
    private readonly PromptSubmitter _submitter;
    private readonly EmbeddingRuns _embeddings;
    private readonly Lazy<Task> _disposal;

    public RequestHandler(LoadedModels models, ActiveRequests active, ClientChannels channels, IDeltaSink deltas, ILogger logger)
    {
        _models = models;
        _active = active;
        _channels = channels;
        _deltas = deltas;
        _logger = logger;
        _submitter = new PromptSubmitter(deltas, logger);
        _embeddings = new EmbeddingRuns(_stopping.Token);
        _disposal = new Lazy<Task>(() => Task.Run(DrainAsync));
    }

    /// <summary>Number of requests that are being prepared or wait for that.</summary>
    public int Preparing => _plain.Count + _compiling.Count + _media.Count;

    /// <summary>Handles one message of a process. Does not use its bytes after it returns.</summary>
    public async ValueTask HandleAsync(ReadOnlySequence<byte> message, PeerProcess sender)
    {
        WireRequest request;
        try
        {
            request = WireRequestReader.Read(message);
        }
        catch (WireRequestException e)
        {
            RefuseMessage(e, sender);
            return;
        }

        await HandleAsync(request, sender).ConfigureAwait(false);
    }

    /// <summary>Handles one decoded request of a process.</summary>
    public async ValueTask HandleAsync(WireRequest request, PeerProcess sender)
    {
        ulong channel = request.ResponseChannelId;
        if (!_channels.IsUsableBy(channel, sender))
        {
            _logger.ChannelUnusable(request.RequestId, channel); // nobody reads the answer
            return;
        }

        if (Check(request, out ModelHost? host, out ModelUse? use) is { } refusal)
        {
            use?.Dispose();
            Refuse(request, refusal);
            return;
        }

        int sequences = RequestRules.CountSequences(request);
        int? pid = ResponseChannel.IsAssigned(channel) ? null : sender.IdOr(ResponseChannel.ClaimedProcessId(channel));
        if (_active.TryAdd(channel, request.RequestId, sequences, MaxActiveSequences, pid) is not { } active)
        {
            use!.Dispose();
            Refuse(request, new RequestError(
                ErrorCode.Overloaded,
                $"The request needs {sequences} sequences, but {_active.Sequences} of at most {MaxActiveSequences} are active; " +
                "try again later."));
            return;
        }

        if (!_channels.IsUsableBy(channel, sender))
        {
            active.Cancel(); // its connection ended after the first check, maybe before the request was among those to cancel
        }

        if (request.WantsAcknowledgement)
        {
            Acknowledge(request);
        }

        var accepted = new AcceptedRequest(request, active, host!, use!, _active, _addresses, _logger);
        PreparationQueue queue = QueueFor(request, use!.Model);
        try
        {
            await queue.AddAsync(request.ResponseChannelId, () => PrepareAsync(accepted), _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _active.Remove(active);
            use.Dispose();
            Refuse(request, RequestErrors.ShuttingDown);
        }
    }

    /// <summary>Waits until no request is being prepared or embedded. New requests are refused from now on.</summary>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task DrainAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _plain.IdleAsync().ConfigureAwait(false);
        await _compiling.IdleAsync().ConfigureAwait(false);
        await _media.IdleAsync().ConfigureAwait(false);
        await _embeddings.EndedAsync().ConfigureAwait(false);
    }

    private RequestError? Check(WireRequest request, out ModelHost? host, out ModelUse? use)
    {
        host = _models.Find(request.ModelId);
        use = host?.TryUse(request.ResponseChannelId, request.KeepAlive);
        if (use is null)
        {
            string state = host is { IsLoading: true } ? "is still loading" : "is not loaded";
            return new RequestError(ErrorCode.ModelNotLoaded, $"Model '{request.ModelId}' {state}; load it and wait until it is ready.");
        }

        return RequestRules.Check(request, use.Model.VocabularySize)
            ?? RequestRules.CheckDeterministic(request, use.Model.IsDeterministic)
            ?? RequestRules.CheckMedia(request, use.Model.Projector, use.Model.Description.Facts?.ProjectorProblem)
            ?? (request.Type == RequestType.Generation && !use.Model.GeneratesText
                ? new RequestError(
                    ErrorCode.Unsupported, $"Model '{request.ModelId}' cannot generate text; use it for embeddings or reranking.")
                : null);
    }

    private PreparationQueue QueueFor(WireRequest request, LoadedModelHandle model) =>
        request.Prompts.Any(static prompt => prompt.Images.Count + prompt.Audio.Count > 0) ? _media
        : request.Prompts.Any(model.OutputRules.MustCompile) ? _compiling
        : _plain;

    private async Task PrepareAsync(AcceptedRequest accepted)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(accepted.CancellationToken, _stopping.Token);
        if (accepted.Request.Type == RequestType.Embedding)
        {
            var handler = new EmbeddingHandler(accepted, _deltas, _logger);
            handler.Prepare(ending.Token);
            _embeddings.Start(handler.RunAsync, accepted.CancellationToken);
            return;
        }

        foreach (WirePrompt prompt in accepted.Request.Prompts)
        {
            await _submitter.SubmitAsync(accepted, prompt, ending.Token).ConfigureAwait(false);
        }
    }

    private void Acknowledge(WireRequest request) => _deltas.Publish(request.ResponseChannelId, new ResponseDelta
    {
        RequestId = request.RequestId,
        FinishReason = FinishReasons.Delta,
        IsAcknowledgement = true,
    });

    private void Refuse(WireRequest request, RequestError error)
    {
        _logger.RequestRefused(request.RequestId, request.ResponseChannelId, error.Code);

        // One delta ends a whole request for Orchard's clients. Some PIE-compatible clients wait for one per sequence.
        if (ResponseChannel.IsAssigned(request.ResponseChannelId)
            || request.Prompts.Count == 0
            || RequestRules.CountSequences(request) > RequestRules.MaxSequences)
        {
            _deltas.Publish(request.ResponseChannelId, ErrorDelta.ForRequest(request.RequestId, error));
            return;
        }

        foreach (WirePrompt prompt in request.Prompts)
        {
            for (int candidate = 0; candidate < prompt.CandidateCount; candidate++)
            {
                SequenceAddress address = _addresses.Next(request, prompt.PromptIndex, candidate);
                _deltas.Publish(request.ResponseChannelId, ErrorDelta.ForSequence(address, error));
            }
        }
    }

    private void RefuseMessage(WireRequestException exception, PeerProcess sender)
    {
        _logger.FrameRefused(Excerpt.Of(exception.Message));
        if (exception is { RequestId: { } requestId, ResponseChannelId: { } channel } && _channels.IsUsableBy(channel, sender))
        {
            _deltas.Publish(channel, ErrorDelta.ForRequest(requestId, new RequestError(ErrorCode.InvalidRequest, exception.Message)));
        }
    }
}
