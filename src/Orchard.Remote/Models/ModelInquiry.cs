using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orchard.Concurrency;
using Orchard.Models.Sources;
using Orchard.Remote.Configuration;
using Orchard.Remote.Errors;
using Orchard.Remote.Requests;
using Orchard.Remote.Transport;

namespace Orchard.Remote.Models;

/// <summary>Asks the servers of an endpoint which models they have, and which kind of server they are. Thread-safe.</summary>
internal sealed partial class ModelInquiry
{
    private const int MaxBytes = 16 << 20;
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LoadPatience = TimeSpan.FromMinutes(10);

    private readonly EndpointSettings _settings;
    private readonly SourceContext _context;
    private readonly RequestSender _sender;
    private readonly Uri _address;
    private readonly SingleFlight<Listing> _listing;
    private readonly SingleFlight<RemoteKind> _kind;

    /// <param name="settings">The endpoint.</param>
    /// <param name="context">What is shared with the client.</param>
    /// <param name="sender">Sends the requests.</param>
    /// <param name="address">Address of the first server.</param>
    public ModelInquiry(EndpointSettings settings, SourceContext context, RequestSender sender, Uri address)
    {
        (_settings, _context, _sender, _address) = (settings, context, sender, address);
        _listing = new SingleFlight<Listing>(ListAsync, IsFresh);
        _kind = new SingleFlight<RemoteKind>(FindKindAsync, static _ => true);
    }

    /// <summary>Address of the first server.</summary>
    public Uri Address => _address;

    /// <summary>Waits until a server says that it serves a model.</summary>
    /// <param name="model">The name of the model, without that of the endpoint.</param>
    /// <param name="cancellationToken">Cancels the inquiry.</param>
    /// <exception cref="ModelNotFoundException">The server does not have the model.</exception>
    public async Task<RemoteModel> AskAsync(string model, CancellationToken cancellationToken)
    {
        string name = NameOf(model);
        string wanted = _settings.ToServerName(model);
        Listing? listing = null;
        try
        {
            listing = await _listing.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RequestRejectedException e) when (e.Code == RequestErrorCodes.Unsupported)
        {
            // A server without a list of its models.
        }

        RemoteKind kind = await _kind.GetAsync(cancellationToken).ConfigureAwait(false);
        var profile = ServerProfile.Of(kind);
        string[] offered = [.. listing?.Models.Select(each => NameOf(CallerNameOf(each.Id))) ?? []];
        ListedModel listed = listing is null
            ? new ListedModel(wanted)
            : listing.Find(wanted) ?? await FindAsync(wanted, name, offered, cancellationToken).ConfigureAwait(false);
        if (profile.Loads)
        {
            await LoadAsync(listed.Id, name, offered, cancellationToken).ConfigureAwait(false);
        }

        return new RemoteModel
        {
            Name = name,
            ServerName = listed.Id,
            Profile = profile,
            Offered = offered,
            Info = new ModelInfo
            {
                Id = name,
                Path = _address.ToString(),
                ContextLength = listed.ContextLength,
                TrainedContextLength = listed.TrainedContextLength,
                EmbeddingLength = listed.EmbeddingLength,
                ParameterCount = listed.ParameterCount,
                FileBytes = listed.Bytes,
            },
        };
    }

    /// <summary>Returns the name that callers use, with that of the endpoint.</summary>
    public string NameOf(string model) => $"{_settings.Name}/{model}";

    private string CallerNameOf(string serverName) =>
        _settings.Models.FirstOrDefault(pair => pair.Value == serverName) is { Key: { } name } ? name : serverName;

    // Models that are asked for at the same time share one list.
    private bool IsFresh(Listing listing) => _context.Time.GetElapsedTime(listing.Timestamp) < Freshness;

    private Task<Listing> ListAsync(CancellationToken cancellationToken) => _sender.FetchAsync(
        new RemoteCall(Route.Models, _settings.Name),
        (body, response) => Listing.Read(body, response) with { Timestamp = _context.Time.GetTimestamp() },
        MaxBytes,
        cancellationToken);

    private async Task<RemoteKind> FindKindAsync(CancellationToken cancellationToken)
    {
        if (_settings.Kind != RemoteKind.Auto)
        {
            return _settings.Kind;
        }

        RemoteKind kind = RemoteKind.Auto;
        try
        {
            kind = (await _listing.GetAsync(cancellationToken).ConfigureAwait(false)).Kind;
        }
        catch (RequestRejectedException e) when (e.Code == RequestErrorCodes.Unsupported)
        {
            // A server without a list of its models.
        }

        if (kind == RemoteKind.Auto)
        {
            kind = await new KindProbe(_sender).FindAsync(_settings.Name, cancellationToken).ConfigureAwait(false);
        }

        LogKind(_context.Logger, _settings.Name, _address, kind);
        return kind;
    }

    // Some servers have models that they do not list.
    private async Task<ListedModel> FindAsync(string wanted, string name, string[] offered, CancellationToken cancellationToken)
    {
        try
        {
            return await _sender.FetchAsync(
                new RemoteCall(new Route($"models/{Uri.EscapeDataString(wanted)}"), name) { Offered = offered },
                (body, response) =>
                {
                    using JsonDocument document = JsonDocument.Parse(body);
                    return ListedModel.Read(document.RootElement)
                        ?? throw new FailureException(new Failure(ErrorMapping.NoModel(response.Scene, "")));
                },
                MaxBytes,
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RequestRejectedException { Code: not RequestErrorCodes.Overloaded } or ProtocolException)
        {
            throw ErrorMapping.NoModel(new ErrorScene(_address, name, _settings.ApiKey, "") { Offered = offered }, "");
        }
    }

    // A request without a prompt loads a model. Servers that load it with the first prompt need no such request.
    private async Task LoadAsync(string model, string name, string[] offered, CancellationToken cancellationToken)
    {
        using RequestBody body = ChatBody.Build(json =>
        {
            json.WriteString("model"u8, model);
            json.WriteBoolean("stream"u8, false);
        });
        var call = new RemoteCall(new Route("api/generate", IsOfApi: false), name, body) { Offered = offered, Patience = LoadPatience };
        try
        {
            await _sender.FetchAsync(call, static (_, _) => true, MaxBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestRejectedException e) when (e.Code is RequestErrorCodes.Unsupported or RequestErrorCodes.InvalidRequest)
        {
            // A gateway without this route, or a model that does not generate text.
        }
    }

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "The endpoint {Name} at {Address} is {Kind}")]
    private static partial void LogKind(ILogger logger, string name, Uri address, RemoteKind kind);
}
