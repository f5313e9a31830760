using System.Buffers;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Serving.Clients;
using Orchard.Engine.Serving.Models;
using Orchard.Engine.Serving.Publishing;
using Orchard.Engine.Serving.Requests;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Sockets;

namespace Orchard.Engine.Serving.Management;

/// <summary>
/// Executes management commands. No command waits for slow work except a <c>load_model</c> that asks to wait for completion, and those of
/// the tokenizer, for which the clients take turns. Thread-safe.
/// </summary>
internal sealed class ManagementHandler
{
    private static readonly int TokenSlots = Math.Max(2, Environment.ProcessorCount / 2);

    private readonly PreparationQueue _tokenizing = new(TokenSlots, slotsPerClient: 1);
    private readonly ModelCommands _models;
    private readonly TokenCommands _tokens;
    private readonly ClientCommands _clients;
    private readonly ILogger _logger;

    /// <param name="models">The models.</param>
    /// <param name="requests">The active requests.</param>
    /// <param name="leases">The registered clients.</param>
    /// <param name="channels">The channels that are assigned to connections.</param>
    /// <param name="version">The engine's version, for clients.</param>
    /// <param name="logger">Logs commands.</param>
    public ManagementHandler(
        LoadedModels models, ActiveRequests requests, ClientLeases leases, ClientChannels channels, string version, ILogger logger)
    {
        _models = new ModelCommands(models);
        _tokens = new TokenCommands(models);
        _clients = new ClientCommands(requests, leases, channels, version, logger);
        _logger = logger;
    }

    /// <summary>Completes when a client has asked the engine to stop.</summary>
    public Task ShutdownRequested => _clients.ShutdownRequested;

    /// <summary>Refuses registrations from now on, so that new clients start another engine.</summary>
    public void BeginShutdown() => _clients.BeginShutdown();

    /// <summary>
    /// Decodes and executes a command of a process and encodes its reply. Throws only if <paramref name="cancellationToken"/> is cancelled.
    /// </summary>
    public async ValueTask<ReadOnlyMemory<byte>> HandleAsync(
        ReadOnlySequence<byte> request, PeerProcess sender, CancellationToken cancellationToken) =>
        ManagementJson.Encode(await ReplyAsync(request, sender, cancellationToken).ConfigureAwait(false));

    /// <summary>Executes one command of a process.</summary>
    public async ValueTask<ManagementReply> ExecuteAsync(
        ManagementCommand command, PeerProcess sender, CancellationToken cancellationToken)
    {
        ManagementReply reply = command.Type switch
        {
            ManagementCommand.LoadModel => await _models.LoadAsync(command, cancellationToken).ConfigureAwait(false),
            ManagementCommand.CancelModelLoad => _models.CancelLoad(command),
            ManagementCommand.UnloadModel => await _models.UnloadAsync(command).ConfigureAwait(false),
            ManagementCommand.InspectModelSource => _models.Inspect(command),
            ManagementCommand.Tokenize => await InTurnAsync(_tokens.Tokenize).ConfigureAwait(false),
            ManagementCommand.Detokenize => await InTurnAsync(_tokens.Detokenize).ConfigureAwait(false),
            ManagementCommand.CancelRequest => _clients.CancelRequest(command),
            ManagementCommand.ClientRegister => _clients.Register(command, sender),
            ManagementCommand.ClientDeregister => _clients.Deregister(command, sender),
            ManagementCommand.ClientBind => _clients.Bind(command, sender),
            ManagementCommand.ChannelStatus => _clients.ChannelStatus(command),
            ManagementCommand.Shutdown => _clients.Shutdown(),
            _ => Replies.Refuse($"Unknown command '{command.Type}'."),
        };
        if (reply.Status == ManagementReply.ErrorStatus)
        {
            _logger.CommandRefused(reply.Message!);
        }

        return reply;

        Task<ManagementReply> InTurnAsync(Func<ManagementCommand, ManagementReply> execute) =>
            _tokenizing.RunAsync((ulong)(sender.Id ?? 0), () => execute(command), cancellationToken);
    }

    private async ValueTask<ManagementReply> ReplyAsync(
        ReadOnlySequence<byte> request, PeerProcess sender, CancellationToken cancellationToken)
    {
        ManagementCommand command;
        try
        {
            command = ManagementJson.DecodeCommand(request);
        }
        catch (WireException e)
        {
            _logger.CommandRefused(Excerpt.Of(e.Message));
            return Replies.Refuse(e.Message);
        }

        try
        {
            return await ExecuteAsync(command, sender, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _logger.CommandFailed(command.Type, e);
            return Replies.Refuse($"Internal error: {e.Message}");
        }
    }
}
