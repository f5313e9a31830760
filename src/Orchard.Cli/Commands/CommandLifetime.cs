using Microsoft.Extensions.Hosting;

namespace Orchard.Cli.Commands;

/// <summary>
/// Leaves signals to the terminal, for which a second one ends the command at once. The usual lifetime of hosts takes them all.
/// </summary>
internal sealed class CommandLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
