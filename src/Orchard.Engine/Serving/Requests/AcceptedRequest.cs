using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Serving.Models;
using Orchard.Engine.Serving.Responses;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Serving.Requests;

/// <summary>A request that passed all checks, with its model. Thread-safe.</summary>
/// <param name="request">The request.</param>
/// <param name="active">Its entry among the active requests.</param>
/// <param name="host">The host of its model.</param>
/// <param name="use">The use of its model, which ends with it.</param>
/// <param name="requests">All active requests, from which it is removed at its end.</param>
/// <param name="addresses">Assigns the ids of its sequences.</param>
/// <param name="logger">Logs internal errors.</param>
internal sealed class AcceptedRequest(
    WireRequest request,
    ActiveRequest active,
    ModelHost host,
    ModelUse use,
    ActiveRequests requests,
    SequenceAddresses addresses,
    ILogger logger)
{
    private IMediaLease? _media; // set while the request is prepared

    public WireRequest Request => request;

    public LoadedModelHandle Model => use.Model;

    public CancellationToken CancellationToken => active.CancellationToken;

    /// <summary>Assigns the address of one sequence.</summary>
    public SequenceAddress NextAddress(int promptIndex, int candidate) => addresses.Next(request, promptIndex, candidate);

    /// <summary>Converts an exception to the error that the client gets. Logs unexpected exceptions.</summary>
    public RequestError ToError(Exception exception)
    {
        if (exception is OperationCanceledException)
        {
            return RequestErrors.ShuttingDown; // unless the client has cancelled the request, which is no error
        }

        RequestError error = RequestErrors.From(exception, request.ModelId, host.IsStopping);
        if (error.Code == ErrorCode.Internal)
        {
            logger.RequestFailed(request.RequestId, request.ResponseChannelId, exception);
        }

        return error;
    }

    /// <summary>Discards the model after a failure of its scheduler, so that the next load command loads it again.</summary>
    public RequestError DiscardModel(Exception failure)
    {
        logger.ModelDiscarded(host.CanonicalId, failure);
        host.Discard(use.Model, failure.Message);
        return new RequestError(ErrorCode.ModelNotLoaded, failure.Message);
    }

    /// <summary>Waits for room for the embeddings of the request's images and sounds, which it holds until it ends.</summary>
    public async ValueTask<IMediaLease> ReserveMediaAsync(CancellationToken cancellationToken) =>
        _media ??= await Model.Projector!.ReserveAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Records the end of one sequence. Call before its final delta is sent.</summary>
    public void EndSequence()
    {
        if (active.EndSequence())
        {
            requests.Remove(active);
            use.Dispose();
            _media?.Dispose();
        }
    }
}
