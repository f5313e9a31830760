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

namespace Orchard.Engine.Serving.Requests;

/// <summary>
/// Handles the messages of the PULL socket: decodes and checks requests, and submits one sequence per prompt and candidate. Every error is
/// sent back as one final delta per sequence. Thread-safe.
/// </summary>
/// <remarks>
/// Requests are tokenized on the thread pool. At most <see cref="MaxPreparing"/> requests are prepared concurrently; further ones make
/// their connection wait, which applies back pressure. At most <see cref="MaxActiveSequences"/> sequences are active; a request that would
/// exceed the limit is refused as overloaded.
/// </remarks>
internal sealed class RequestHandler : IAsyncDisposable
{
    public const int MaxPreparing = 64;
    public const int MaxActiveSequences = 16 * 1024;

    private readonly SemaphoreSlim _preparing = new(MaxPreparing);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SequenceAddresses _addresses = new();
    private readonly LoadedModels _models;
    private readonly ActiveRequests _active;
    private readonly IDeltaSink _deltas;
    private readonly ILogger _logger;
    private readonly PromptSubmitter _submitter;
    private readonly Lazy<Task> _disposal;

    public RequestHandler(LoadedModels models, ActiveRequests active, IDeltaSink deltas, ILogger logger)
    {
        _models = models;
        _active = active;
        _deltas = deltas;
        _logger = logger;
        _submitter = new PromptSubmitter(deltas, logger);
        _disposal = new Lazy<Task>(() => Task.Run(DrainAsync));
    }

    /// <summary>Number of requests that are being prepared.</summary>
    public int Preparing => MaxPreparing - _preparing.CurrentCount;

    /// <summary>Handles one message. Does not use its bytes after it returns.</summary>
    public async ValueTask HandleAsync(ReadOnlySequence<byte> message)
    {
        WireRequest request;
        try
        {
            request = WireRequestReader.Read(message);
        }
        catch (WireRequestException e)
        {
            RefuseMessage(e);
            return;
        }

        await HandleAsync(request).ConfigureAwait(false);
    }

    /// <summary>Handles one decoded request.</summary>
    public async ValueTask HandleAsync(WireRequest request)
    {
        if (Check(request, out ModelHost? host, out LoadedModelHandle? model) is { } refusal)
        {
            Refuse(request, refusal);
            return;
        }

        int sequences = RequestRules.CountSequences(request);
        if (_active.TryAdd(request.ResponseChannelId, request.RequestId, sequences, MaxActiveSequences) is not { } active)
        {
            Refuse(request, new RequestError(
                ErrorCode.Overloaded,
                $"The request needs {sequences} sequences, but {_active.Sequences} of at most {MaxActiveSequences} are active; " +
                "try again later."));
            return;
        }

        if (request.WantsAcknowledgement)
        {
            Acknowledge(request);
        }

        try
        {
            await _preparing.WaitAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _active.Remove(active);
            Refuse(request, RequestErrors.ShuttingDown);
            return;
        }

        // Not awaited: PrepareAsync never throws, and DisposeAsync waits for its slot.
        var accepted = new AcceptedRequest(request, active, host!, model!, _active, _addresses, _logger);
        _ = Task.Run(() => PrepareAsync(accepted), CancellationToken.None);
    }

    /// <summary>Waits until no request is being prepared. New requests are refused from now on.</summary>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task DrainAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        for (int slot = 0; slot < MaxPreparing; slot++)
        {
            await _preparing.WaitAsync().ConfigureAwait(false);
        }
    }

    private RequestError? Check(WireRequest request, out ModelHost? host, out LoadedModelHandle? model)
    {
        host = _models.Find(request.ModelId);
        model = host?.FindCurrent();
        if (model is null)
        {
            string state = host is { IsLoading: true } ? "is still loading" : "is not loaded";
            return new RequestError(ErrorCode.ModelNotLoaded, $"Model '{request.ModelId}' {state}; load it and wait until it is ready.");
        }

        return RequestRules.Check(request, model.VocabularySize)
            ?? (request.Type == RequestType.Generation && !model.GeneratesText
                ? new RequestError(
                    ErrorCode.Unsupported, $"Model '{request.ModelId}' cannot generate text; use it for embeddings or reranking.")
                : null);
    }

    private async Task PrepareAsync(AcceptedRequest accepted)
    {
        try
        {
            if (accepted.Request.Type == RequestType.Embedding)
            {
                await new EmbeddingHandler(accepted, _deltas, _logger).RunAsync().ConfigureAwait(false);
                return;
            }

            foreach (WirePrompt prompt in accepted.Request.Prompts)
            {
                _submitter.Submit(accepted, prompt);
            }
        }
        finally
        {
            _preparing.Release();
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
        if (request.Prompts.Count == 0 || RequestRules.CountSequences(request) > RequestRules.MaxSequences)
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

    private void RefuseMessage(WireRequestException exception)
    {
        _logger.FrameRefused(exception.Message);
        if (exception is { RequestId: { } requestId, ResponseChannelId: { } channel })
        {
            _deltas.Publish(channel, ErrorDelta.ForRequest(requestId, new RequestError(ErrorCode.InvalidRequest, exception.Message)));
        }
    }
}
