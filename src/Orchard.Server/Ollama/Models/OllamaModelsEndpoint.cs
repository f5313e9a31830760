using System.Runtime.CompilerServices;
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

    /// <summary><c>GET /</c>, of clients that do not want a page.</summary>
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
        string model = served.ResolveModel(name);
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

    private static string HubNameOf(Served served, OllamaModelRequest request) =>
        HubNames.Require(served.Get<OrchardServerOptions>(), request.Model ?? request.Name);

    private static async IAsyncEnumerable<OllamaProgress> DownloadAsync(
        Client client, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<ModelLoadProgress> reports = ModelProgress.StreamAsync(
            (progress, token) => client.Models.DownloadAsync(name, progress, token), cancellationToken);
        await foreach (ModelLoadProgress report in reports.ConfigureAwait(false))
        {
            yield return OllamaModelMapping.ToProgress(report);
        }

        yield return new OllamaProgress { Status = "success" };
    }
}
