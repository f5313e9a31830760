using System.Runtime.CompilerServices;
using Orchard.Calls.Telemetry;
using Orchard.Connection.Transport;
using Orchard.Diagnostics;
using Orchard.Models;

namespace Orchard.Calls;

/// <summary>
/// Makes a request and yields what comes back. Until something has, the request can be made again: once when the engine turns out to
/// have let go of the model, and once when the engine dies.
/// </summary>
/// <param name="request">What is asked.</param>
/// <param name="models">Where the model is made ready.</param>
/// <param name="replay">Whether the request is made again when the engine dies.</param>
internal sealed class ChatCall(IModelRequest request, ModelRegistry models, bool replay)
{
    /// <summary>Conversations are mixed as their tokens arrive. Leaving early, or cancelling, frees the request's place in the engine.</summary>
    public IAsyncEnumerable<ChatDelta> RunAsync(CancellationToken cancellationToken) =>
        request is ChatRequest chat && ChatTelemetry.IsEnabled ? ChatTelemetry.ObserveAsync(chat, StreamAsync, cancellationToken) : StreamAsync(cancellationToken);

    private async IAsyncEnumerable<ChatDelta> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Exchange exchange = await BeginAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            do
            {
                while (exchange.TryRead(out ChatDelta? delta))
                {
                    yield return delta;
                }
            }
            while (await exchange.WaitToReadAsync(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            exchange.Release();
        }
    }

    private async Task<Exchange> BeginAsync(CancellationToken cancellationToken)
    {
        bool mayReload = true;
        EngineDiedException? death = null;
        while (true)
        {
            try
            {
                if (await TryBeginAsync(mayReload, cancellationToken).ConfigureAwait(false) is { } exchange)
                {
                    return exchange;
                }

                mayReload = false;
            }
            catch (EngineDiedException e) when (replay && death is null && !cancellationToken.IsCancellationRequested)
            {
                death = e;
            }
            catch (Exception e) when (death is not null && e is EngineStartException or EngineNotFoundException)
            {
                throw death.During(receivedCharacters: 0); // there is no next engine, so the end of the last one is the news
            }
        }
    }

    // An exchange that has something to read; null when the engine had let go of the model and the request is to be made again.
    private async Task<Exchange?> TryBeginAsync(bool mayReload, CancellationToken cancellationToken)
    {
        ModelLease lease = await models.AcquireAsync(request.Model, cancellationToken).ConfigureAwait(false);
        ReadyModel model = lease.Model;
        Exchange exchange;
        try
        {
            RenderedRequest rendered = request.Render(model);
            PendingRequest pending = rendered.Frame.Prompts.Count == 0
                ? PendingRequest.Empty(rendered.Frame.RequestId)
                : await model.Session.SendAsync(rendered.Frame, cancellationToken).ConfigureAwait(false);
            exchange = new Exchange(lease, pending, rendered);
        }
        catch
        {
            lease.Dispose();
            throw;
        }

        try
        {
            if (!mayReload || !await exchange.IsModelGoneAsync(cancellationToken).ConfigureAwait(false))
            {
                await exchange.StartAsync(cancellationToken).ConfigureAwait(false);
                return exchange;
            }

            model.Discard();
            exchange.Release();
            return null;
        }
        catch (EngineDiedException)
        {
            exchange.Release();
            await model.Session.WaitForEndAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
        catch
        {
            exchange.Release();
            throw;
        }
    }
}
