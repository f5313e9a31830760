using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Orchard.Server.Hosting;

/// <summary>Makes the host wait for the application to stop for at least as long as requests have to end.</summary>
/// <param name="server">How long that is.</param>
internal sealed class DrainTime(IOptions<OrchardServerOptions> server) : IPostConfigureOptions<HostOptions>
{
    private static readonly TimeSpan ToWriteErrors = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public void PostConfigure(string? name, HostOptions options)
    {
        TimeSpan needed = server.Value.DrainTimeout + ToWriteErrors;
        if (options.ShutdownTimeout >= TimeSpan.Zero && options.ShutdownTimeout < needed) // negative is without limit
        {
            options.ShutdownTimeout = needed;
        }
    }
}
