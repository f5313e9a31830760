using Orchard.Server.Errors;
using Orchard.Server.Models;
using Orchard.Server.Serving;

namespace Orchard.Server.OpenAI.Models;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>.</summary>
internal static class ModelsEndpoint
{
    /// <summary>Lists the models.</summary>
    public static async Task ListAsync(Served served)
    {
        IReadOnlyList<CatalogModel> models = await served.Get<ModelCatalog>().ListAsync(served.Aborted).ConfigureAwait(false);
        await served.WriteAsync(new ModelList { Data = [.. models.Select(ModelItem.Of)] }, OpenAIJson.Wire.ModelList).ConfigureAwait(false);
    }

    /// <summary>Describes a model.</summary>
    public static async Task GetAsync(Served served)
    {
        string name = Uri.UnescapeDataString((string)served.Http.Request.RouteValues["id"]!);
        string model = served.ResolveModel(name);
        CatalogModel found = await served.Get<ModelCatalog>().FindAsync(name, model, served.Aborted).ConfigureAwait(false)
            ?? throw ApiException.ModelNotFound(name, "Its file does not exist.");
        await served.WriteAsync(ModelItem.Of(found), OpenAIJson.Wire.ModelItem).ConfigureAwait(false);
    }
}
