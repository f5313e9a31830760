using Microsoft.Extensions.Logging;

namespace Orchard.Models;

/// <summary>Stands in for the models of the hub, which the code compiled here names but does not use.</summary>
internal static class HubModels
{
    public static IModelHub? Create(
        HubOptions options, bool anyArchitecture, TimeProvider time, ILogger logger, string prefixFolder) =>
        throw new NotSupportedException($"{options} {anyArchitecture} {time} {logger} {prefixFolder}");
}
