using Microsoft.Extensions.Logging;
using Orchard.Connection;
using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Connection;

/// <summary>Stands in for the process that runs an engine.</summary>
internal sealed class EngineProcess(int id) : IDisposable
{
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Id { get; } = id;

    public Task<int> Exited => _exited.Task;

    public string EarlyOutput => "";

    public void Exit(int code) => _exited.TrySetResult(code);

    public void Dispose()
    {
    }
}

/// <summary>Stands in for a connection that asks an engine: nobody answers.</summary>
internal static class EngineProbe
{
    public static Task<ManagementReply?> AskAsync(
        EngineRoot root, int? processId, ManagementCommand command, TimeProvider time, CancellationToken cancellationToken) =>
        Task.FromResult<ManagementReply?>(null);
}

/// <summary>Stands in for what finds and starts engine processes, which the code compiled here names but does not use.</summary>
internal sealed class EngineConnector(EngineRoot root, ClientOptions options, ILogger logger, Action onConnecting) : IEngineConnector
{
    public Task<EngineSession> ConnectAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{root} {options} {logger} {onConnecting}");
}
