using Orchard.Server.Models;
using Orchard.Server.Serving;

namespace Orchard.Server.Ollama.Generate;

/// <summary><c>POST /api/generate</c>.</summary>
internal static class OllamaGenerateEndpoint
{
    private static readonly OllamaLines<OllamaGenerateLine> Lines = new(
        OllamaJson.Wire.OllamaGenerateLine,
        OllamaGenerateMapping.ToLine,
        OllamaGenerateMapping.Join,
        static end => end with { Context = [] });

    /// <summary>Answers a request.</summary>
    public static async Task HandleAsync(Served served)
    {
        OllamaGenerateRequest request =
            await RequestBody.ReadAsync(served.Http, OllamaJson.Wire.OllamaGenerateRequest).ConfigureAwait(false);
        string model = served.ResolveModel(request.Model);
        var frame = new OllamaGenerateLine
        {
            Model = request.Model ?? model,
            CreatedAt = served.Get<TimeProvider>().GetUtcNow(),
        };
        ChatPrompt? prompt = OllamaGenerateMapping.ToPrompt(request, served.Ignored);
        await OllamaAnswers.HandleAsync(served, request, model, prompt, frame, Lines).ConfigureAwait(false);
    }
}
