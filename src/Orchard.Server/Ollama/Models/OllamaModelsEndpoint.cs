using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orchard.Server.Errors;
using Orchard.Server.Models;
using Orchard.Server.Serving;
using Orchard.Server.Streaming;

namespace Orchard.Server.Ollama.Models;

/// <summary>The routes of Ollama's API that are about models.</summary>
internal static class OllamaModelsEndpoint
{
    // Clients refuse servers that are too old for what they use; this is a version that has it.
    private const string Version = "0.20.0";

    /// <summary><c>GET /</c>.</summary>
    public static Task GreetAsync(Served served) => served.Http.Response.WriteAsync("Ollama is running", served.Aborted);

    /// <summary><c>GET /api/version</c>.</summary>
    public static Task GetVersionAsync(Served served) =>
        served.WriteAsync(new OllamaVersion { Version = Version }, OllamaJson.Wire.OllamaVersion);

    /// <summary><c>GET /api/tags</c>.</summary>
    public static async Task ListAsync(Served served)
    {
        IReadOnlyList<CatalogModel> models = await served.Get<ModelCatalog>().ListAsync(served.Aborted).ConfigureAwait(false);
        await served.WriteAsync(
            new OllamaModelList { Models = [.. models.Select(OllamaModel.Of)] }, OllamaJson.Wire.OllamaModelList).ConfigureAwait(false);
    }

    /// <summary><c>GET /api/ps</c>.</summary>
    public static async Task ListLoadedAsync(Served served)
    {
        IReadOnlyList<CatalogModel> models = await served.Get<ModelCatalog>().ListAsync(served.Aborted).ConfigureAwait(false);
        await served.WriteAsync(
            new OllamaModelList { Models = [.. models.Where(static model => model.IsLoaded).Select(OllamaModel.OfLoaded)] },
            OllamaJson.Wire.OllamaModelList).ConfigureAwait(false);
    }

    /// <summary><c>POST /api/show</c>.</summary>
    public static async Task ShowAsync(Served served)
    {
        string name = await ReadNameAsync(served).ConfigureAwait(false);
        string model = served.Get<ModelNames>().Resolve(name);
        CatalogModel found = await served.Get<ModelCatalog>().FindAsync(name, model, served.Aborted).ConfigureAwait(false)
            ?? throw ApiException.ModelNotFound(name, "Its file does not exist.");
        await served.WriteAsync(OllamaModelMapping.Describe(found), OllamaJson.Wire.OllamaModelDescription).ConfigureAwait(false);
    }

    /// <summary><c>POST /api/pull</c>.</summary>
    public static async Task PullAsync(Served served)
    {
        OllamaModelRequest request = await RequestBody.ReadAsync(served.Http, OllamaJson.Wire.OllamaModelRequest).ConfigureAwait(false);
        string name = HubNameOf(served, request);
        if (request.Stream is false)
        {
            await served.Client.Models.DownloadAsync(name, progress: null, served.Aborted).ConfigureAwait(false);
            await served.WriteAsync(new OllamaProgress { Status = "success" }, OllamaJson.Wire.OllamaProgress).ConfigureAwait(false);
            return;
        }

        await served.StreamAsync(
            StreamFormat.JsonLines,
            token => DownloadAsync(served.Client, name, token),
            static (stream, line) => stream.Write(line, OllamaJson.Wire.OllamaProgress),
            static stream => stream.Write(new OllamaProgress { Status = "pulling manifest" }, OllamaJson.Wire.OllamaProgress))
            .ConfigureAwait(false);
    }

    /// <summary><c>DELETE /api/delete</c>.</summary>
    public static async Task DeleteAsync(Served served)
    {
        OllamaModelRequest request = await RequestBody.ReadAsync(served.Http, OllamaJson.Wire.OllamaModelRequest).ConfigureAwait(false);
        string name = HubNameOf(served, request);
        await served.Client.Models.UnloadAsync(name, UnloadMode.WaitForUsers, served.Aborted).ConfigureAwait(false);
        if (!await served.Client.Models.DeleteAsync(name, served.Aborted).ConfigureAwait(false))
        {
            throw ApiException.ModelNotFound(name, "It is not stored.");
        }
    }

    private static async Task<string> ReadNameAsync(Served served)
    {
        OllamaModelRequest request = await RequestBody.ReadAsync(served.Http, OllamaJson.Wire.OllamaModelRequest).ConfigureAwait(false);
        return request.Model ?? request.Name ?? throw ApiException.Invalid("model", "is missing; it must name a model");
    }

    // Names of the hub that the server is configured for, and of no other.
    private static string HubNameOf(Served served, OllamaModelRequest request)
    {
        if (!served.Get<OrchardServerOptions>().AllowDownloads)
        {
            throw new ApiException(new ApiError
            {
                Status = StatusCodes.Status403Forbidden,
                Code = "downloads_not_allowed",
                Message = "This server is configured not to download or delete models.",
            });
        }

        const string host = "hf.co/";
        string name = request.Model ?? request.Name ?? throw ApiException.Invalid("model", "is missing; it must name a model");
        name = name.StartsWith(host, StringComparison.OrdinalIgnoreCase) ? name[host.Length..] : name;
        return ModelNames.IsHubName(name)
            ? name
            : throw ApiException.Invalid(
                "model", $"is '{name}'; allowed is a name of the hub, such as 'owner/repository' or 'owner/repository:tag'");
    }

    private static async IAsyncEnumerable<OllamaProgress> DownloadAsync(
        Client client, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reports = Channel.CreateBounded<OllamaProgress>(
            new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        Task<LocalModel> download = client.Models.DownloadAsync(name, new Reports(reports.Writer), cancellationToken);
        Task end = download.ContinueWith(
            static (_, writer) => ((ChannelWriter<OllamaProgress>)writer!).TryComplete(),
            reports.Writer,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        await foreach (OllamaProgress report in reports.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            yield return report;
        }

        await end.ConfigureAwait(false);
        await download.ConfigureAwait(false);
        yield return new OllamaProgress { Status = "success" };
    }

    private sealed class Reports(ChannelWriter<OllamaProgress> writer) : IProgress<ModelLoadProgress>
    {
        public void Report(ModelLoadProgress value) => writer.TryWrite(OllamaModelMapping.ToProgress(value));
    }
}
