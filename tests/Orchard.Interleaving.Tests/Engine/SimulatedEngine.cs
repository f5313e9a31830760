using System.Buffers;
using System.Text;
using Orchard.Connection;
using Orchard.Interleaving;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Sockets;

namespace Orchard;

/// <summary>
/// An engine process as the client sees it: it loads, generates, cancels and dies, each step whenever the schedule says. It answers a
/// question with the question, in two tokens.
/// </summary>
internal sealed class SimulatedEngine(Schedule schedule, SimulatedEngines habits, int processId)
{
    private readonly List<SimulatedSocket> _sockets = [];
    private readonly HashSet<(ulong Channel, ulong Id)> _requests = [];
    private readonly HashSet<(ulong Channel, ulong Id)> _cancelledRequests = [];
    private readonly HashSet<ulong> _tooSlow = [];
    private readonly HashSet<ulong> _left = [];
    private readonly HashSet<(ulong Channel, ulong? Id)> _loads = [];
    private readonly HashSet<(ulong Channel, ulong? Id)> _cancelledLoads = [];

    public Schedule Schedule { get; } = schedule;

    public EngineProcess Process { get; } = new(processId);

    public bool IsDead { get; private set; }

    public bool IsLoaded { get; set; }

    /// <summary>Whether the process of the client is registered. What an engine of the family counts.</summary>
    public bool IsRegistered { get; private set; }

    /// <summary>The channels of clients that are connected, one for each. What Orchard's engine counts.</summary>
    public IEnumerable<ulong> Channels => _sockets.OfType<SubSocket>().Where(socket => !socket.IsClosed).Select(socket => socket.ChannelId);

    /// <summary>Whether it works for a channel whose connection has ended.</summary>
    public bool WorksForNobody => _requests.Any(request =>
        ResponseChannel.IsAssigned(request.Channel) && !Channels.Contains(request.Channel) && !_cancelledRequests.Contains(request));

    public int OpenSockets => _sockets.Count(socket => !socket.IsClosed);

    /// <summary>Whether it was told of all the requests it works on that they are not wanted.</summary>
    public bool HasCancelledAll => _requests.All(_cancelledRequests.Contains);

    public void Attach(SimulatedSocket socket) => _sockets.Add(socket);

    /// <summary>Assigns a channel to a connection, as Orchard's engine does.</summary>
    public void Assign(SubSocket socket)
    {
        if (habits.IsOrchard)
        {
            socket.Publish(Topic.ForAssignment(socket.ChannelId));
        }
    }

    /// <summary>The response connections that are open.</summary>
    public IReadOnlyList<SubSocket> Subscribers => [.. _sockets.OfType<SubSocket>().Where(socket => !socket.IsClosed)];

    /// <summary>Closes the response connections because their clients have left too much unread.</summary>
    public void CutOff()
    {
        foreach (SubSocket socket in Subscribers)
        {
            CutOff(socket);
        }
    }

    /// <summary>Closes a response connection because its client has left too much unread.</summary>
    public void CutOff(SubSocket socket)
    {
        _tooSlow.Add(socket.ChannelId);
        socket.Close(ConnectionEndReason.PeerClosed);
    }

    /// <summary>Cancels the loads of a channel whose management connection has ended.</summary>
    public void OnClosed(ReqSocket socket)
    {
        if (socket.ChannelId is { } channel)
        {
            _left.Add(channel);
            _cancelledLoads.UnionWith(_loads.Where(load => load.Channel == channel));
        }
    }

    /// <summary>Cancels the requests of a channel whose connection has ended.</summary>
    public void OnClosed(SubSocket socket) => _cancelledRequests.UnionWith(_requests.Where(request => request.Channel == socket.ChannelId));

    /// <summary>Dies: its connections close one after another, and a parent hears of it at some time.</summary>
    public void Die()
    {
        if (!IsDead)
        {
            IsDead = true;
            Schedule.Queue("a process is reaped", () => Process.Exit(137));
            foreach (SimulatedSocket socket in _sockets.ToArray())
            {
                Schedule.Queue("a connection closes", () => socket.Close(ConnectionEndReason.PeerClosed));
            }
        }
    }

    public void Accept(WireRequest frame)
    {
        bool hasNoReader = ResponseChannel.IsAssigned(frame.ResponseChannelId) && !Channels.Contains(frame.ResponseChannelId);
        if (!IsDead && !hasNoReader)
        {
            _requests.Add((frame.ResponseChannelId, frame.RequestId));
            _ = Task.Run(() => GenerateAsync(frame), "a generation");
        }
    }

    /// <summary>Executes a command. Null when the engine has died and does not answer.</summary>
    public async Task<ManagementReply?> AnswerAsync(ManagementCommand command)
    {
        await Schedule.LaterAsync("a command arrives").ConfigureAwait(false);
        switch (command.Type)
        {
            case ManagementCommand.ClientRegister:
                IsRegistered = true;
                await Schedule.LaterAsync("a reply leaves").ConfigureAwait(false);
                return habits.IsOrchard ? Ok() with { Data = new ManagementReplyData { ClientRegister = Identity() } } : Ok();
            case ManagementCommand.ClientDeregister:
                IsRegistered = false;
                break;
            case ManagementCommand.ChannelStatus when IsDead:
                return null;
            case ManagementCommand.ChannelStatus when habits.IsOrchard:
                string state = _tooSlow.Contains(command.ResponseChannelId!.Value) ? ChannelStates.OutputLimitExceeded : ChannelStates.Closed;
                return Ok() with { Data = new ManagementReplyData { ChannelStatus = state } };
            case ManagementCommand.LoadModel:
                return await LoadAsync(command).ConfigureAwait(false);
            case ManagementCommand.CancelModelLoad:
                _cancelledLoads.Add((command.ResponseChannelId!.Value, command.LoadId));
                break;
            case ManagementCommand.CancelRequest:
                // Remembered when it comes before the request, which takes another way.
                _cancelledRequests.Add((command.ResponseChannelId!.Value, command.RequestId!.Value));
                break;
            case ManagementCommand.UnloadModel:
                if (_requests.Count > 0)
                {
                    return new ManagementReply { Status = ManagementReply.ErrorStatus, Message = "in use", ErrorCode = ErrorCode.ModelInUse };
                }

                IsLoaded = false;
                break;
        }

        await Schedule.LaterAsync("a reply leaves").ConfigureAwait(false);
        return Ok();
    }

    private EngineIdentity Identity() => new() { ProcessId = Process.Id, ProtocolVersion = ProtocolVersion.Current };

    private static ManagementReply Ok() => new() { Status = ManagementReply.OkStatus };

    private async Task<ManagementReply> LoadAsync(ManagementCommand command)
    {
        habits.LoadCommands++;
        bool isWanted = !_left.Contains(command.ResponseChannelId!.Value) && !_cancelledLoads.Contains((command.ResponseChannelId!.Value, command.LoadId));
        if (habits.IsOrchard && isWanted && !IsDead
            && _loads.Any(load => load.Channel == command.ResponseChannelId && !_cancelledLoads.Contains(load)))
        {
            Schedule.Fail("The client has the same model loaded twice at once.");
        }

        if (habits.IsOrchard)
        {
            string? error = await TryLoadAsync(command).ConfigureAwait(false);
            await Schedule.LaterAsync("a reply leaves").ConfigureAwait(false);
            return error is null ? Ok() : new ManagementReply { Status = ManagementReply.ErrorStatus, Message = error };
        }

        _ = Task.Run(() => TellAsync(command), "a load");
        await Schedule.LaterAsync("a reply leaves").ConfigureAwait(false);
        return new ManagementReply { Status = ManagementReply.AcceptedStatus };
    }

    private async Task TellAsync(ManagementCommand command)
    {
        string? error = await TryLoadAsync(command).ConfigureAwait(false);
        EngineEvent told = error is null
            ? new ModelLoadedEvent(command.CanonicalId!, new LoadedModel())
            : new ModelLoadFailedEvent(command.CanonicalId!, error);
        var bytes = new ArrayBufferWriter<byte>();
        told.Write(bytes);
        await Schedule.LaterAsync("an event leaves").ConfigureAwait(false);
        Publish(bytes.WrittenSpan.ToArray());
    }

    private async Task<string?> TryLoadAsync(ManagementCommand command)
    {
        if (IsLoaded)
        {
            return null;
        }

        var key = (command.ResponseChannelId!.Value, command.LoadId);
        _loads.Add(key);
        if (_left.Contains(key.Value))
        {
            _cancelledLoads.Add(key);
        }

        await Schedule.LaterAsync("a load goes on").ConfigureAwait(false);
        await Schedule.LaterAsync("a load comes to an end").ConfigureAwait(false);
        _loads.Remove(key);
        if (_cancelledLoads.Contains(key))
        {
            return "cancelled";
        }

        if (habits.LoadsToFail > 0)
        {
            habits.LoadsToFail--;
            return "the file is broken";
        }

        IsLoaded = true;
        return null;
    }

    private async Task GenerateAsync(WireRequest frame)
    {
        var key = (frame.ResponseChannelId, frame.RequestId);
        var delta = new ResponseDelta { RequestId = frame.RequestId, PromptIndex = 0, FinishReason = FinishReasons.Delta };
        if (frame.WantsAcknowledgement)
        {
            Publish(frame, delta with { IsAcknowledgement = true });
        }

        await Schedule.LaterAsync("a prompt is prefilled").ConfigureAwait(false);
        if (!IsLoaded)
        {
            Publish(frame, delta with { IsFinal = true, FinishReason = FinishReasons.Error, Extras = new DeltaExtras { ErrorMessage = "not loaded", ErrorCode = ErrorCode.ModelNotLoaded } });
        }
        else
        {
            string[] tokens = ["you said ", QuestionOf(frame)];
            int sent = 0;
            while (sent < tokens.Length && !_cancelledRequests.Contains(key))
            {
                sent++;
                Publish(frame, delta with { Content = tokens[sent - 1], Tokens = [sent], TokensInDelta = 1, GenerationLength = sent });
                await Schedule.LaterAsync("a step is decoded").ConfigureAwait(false);
            }

            string reason = sent == tokens.Length ? FinishReasons.Stop : FinishReasons.Cancelled;
            Publish(frame, delta with { IsFinal = true, FinishReason = reason, TokensInDelta = 0, GenerationLength = sent });
        }

        _requests.Remove(key);
    }

    private static string QuestionOf(WireRequest frame) => Encoding.UTF8.GetString(frame.Prompts[0].Text.Span).Split('?')[1];

    private void Publish(WireRequest frame, ResponseDelta delta)
    {
        var bytes = new ArrayBufferWriter<byte>();
        ResponseDeltaWriter.Write(frame.ResponseChannelId, delta, bytes);
        Publish(bytes.WrittenSpan.ToArray(), frame.ResponseChannelId);
    }

    private void Publish(byte[] message, ulong? channel = null)
    {
        if (IsDead)
        {
            return;
        }

        bool isForOne = channel is { } id && ResponseChannel.IsAssigned(id);
        foreach (SubSocket socket in _sockets.OfType<SubSocket>().Where(socket => !isForOne || socket.ChannelId == channel).ToArray())
        {
            socket.Publish(message);
        }
    }
}
