using Microsoft.Extensions.DependencyInjection;
using Orchard.Extensions.AI;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds Orchard to an application with a host.</summary>
public static class OrchardHostApplicationBuilderExtensions
{
    /// <summary>
    /// Adds the client without a key, with the options of the configuration section <see cref="OrchardOptions.SectionName"/>.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <returns>A builder, to add services that use the client.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    /// <inheritdoc cref="OrchardServiceCollectionExtensions" path="/remarks"/>
    public static OrchardBuilder AddOrchard(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Services.AddOrchard(builder.Configuration.GetSection(OrchardOptions.SectionName));
    }
}
