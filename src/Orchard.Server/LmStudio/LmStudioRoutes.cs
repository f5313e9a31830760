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
    private static readonly OpenAIDialect Dialect = new();

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v0/models", Handle(ListAsync));
        routes.MapGet("/api/v0/models/{**id}", Handle(GetAsync)); // names of the hub contain a slash
        routes.MapPost("/api/v0/chat/completions", Handle(ChatEndpoint.HandleAsync));
        routes.MapPost("/api/v0/completions", Handle(CompletionEndpoint.HandleAsync));
        routes.MapPost("/api/v0/embeddings", Handle(EmbeddingsEndpoint.HandleAsync));
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

    private static RequestDelegate Handle(Func<Served, Task> handler) => new ServedEndpoint(Dialect, handler).InvokeAsync;
}
