using Orchard.Server.Errors;
using Orchard.Server.Models;
using Orchard.Server.OpenAI;
using Orchard.Server.OpenAI.Chat;
using Orchard.Server.OpenAI.Completions;
using Orchard.Server.OpenAI.Embeddings;
using Orchard.Server.Serving;

namespace Orchard.Server.LmStudio;

/// <summary>The routes of LM Studio's API: OpenAI's, with other models.</summary>
internal static class LmStudioRoutes
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = new DialectRoutes(endpoints, new OpenAIDialect());
        routes.Add("/api/v0/models", get: ListAsync);
        routes.Add("/api/v0/models/{**id}", get: GetAsync); // names of the hub contain a slash
        routes.Add("/api/v0/chat/completions", post: ChatEndpoint.HandleAsync);
        routes.Add("/api/v0/completions", post: CompletionEndpoint.HandleAsync);
        routes.Add("/api/v0/embeddings", post: EmbeddingsEndpoint.HandleAsync);
        routes.AddUnknown("/api/v0");
    }

    private static async Task ListAsync(Served served)
    {
        IReadOnlyList<CatalogModel> models = await served.Get<ModelCatalog>().ListAsync(served.Aborted).ConfigureAwait(false);
        await served.WriteAsync(
            new LmStudioModelList { Data = [.. models.Select(LmStudioModel.Of)] }, LmStudioJson.Wire.LmStudioModelList)
            .ConfigureAwait(false);
    }

    private static async Task GetAsync(Served served)
    {
        string name = Uri.UnescapeDataString((string?)served.Http.Request.RouteValues["id"] ?? "");
        string model = served.ResolveModel(name);
        CatalogModel found = await served.Get<ModelCatalog>().FindAsync(name, model, served.Aborted).ConfigureAwait(false)
            ?? throw ApiException.ModelNotFound(name, "Its file does not exist.");
        await served.WriteAsync(LmStudioModel.Of(found), LmStudioJson.Wire.LmStudioModel).ConfigureAwait(false);
    }
}
