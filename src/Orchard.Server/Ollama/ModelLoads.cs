using Orchard.Server.Serving;

namespace Orchard.Server.Ollama;

/// <summary>Loads and unloads models for requests without a prompt.</summary>
internal static class ModelLoads
{
    /// <summary>Loads a model, or unloads it if it is not to be kept.</summary>
    /// <returns>The reason for the answer.</returns>
    public static async Task<string> ApplyAsync(Served served, string model, TimeSpan? keepAlive)
    {
        if (keepAlive == TimeSpan.Zero)
        {
            await served.Client.Models.UnloadAsync(model, UnloadMode.WaitForUsers, served.Aborted).ConfigureAwait(false);
            return "unload";
        }

        if (keepAlive is { } duration)
        {
            await served.Client.Models.EnsureLoadedAsync(
                model, new ModelOptions { KeepAlive = duration }, progress: null, served.Aborted).ConfigureAwait(false);
        }
        else
        {
            await served.Client.Models.EnsureLoadedAsync(model, progress: null, served.Aborted).ConfigureAwait(false);
        }

        return "load";
    }
}
