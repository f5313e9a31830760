using Orchard.Models;
using Orchard.Models.Sources;

namespace Orchard;

public sealed partial class ModelRegistry
{
    private static async Task<ModelInfo> InquireAsync(
        IModelProvider provider,
        string name,
        string model,
        ModelOptions? options,
        IProgress<ModelLoadProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (options is not null)
        {
            throw new NotSupportedException(
                $"How '{model}' is loaded is for its source to decide. Leave out the options, or use a model of this machine; those of the "
                + $"local model of a route can be in {nameof(ClientOptions)}.{nameof(ClientOptions.Models)}.");
        }

        ProgressReports? reports = progress is null ? null : new ProgressReports(progress);
        reports?.Add(new ModelLoadProgress { Phase = ModelLoadPhase.Resolving });
        ModelInfo info = await provider.EnsureLoadedAsync(name, cancellationToken).ConfigureAwait(false);
        if (reports is not null)
        {
            reports.Add(new ModelLoadProgress { Phase = ModelLoadPhase.Ready });
            await reports.HandledAsync(cancellationToken).ConfigureAwait(false);
        }

        return info;
    }
}
