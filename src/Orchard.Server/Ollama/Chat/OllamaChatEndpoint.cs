using Orchard.Server.Models;
using Orchard.Server.Serving;

namespace Orchard.Server.Ollama.Chat;

/// <summary><c>POST /api/chat</c>.</summary>
internal static class OllamaChatEndpoint
{
    private static readonly OllamaLines<OllamaChatLine> Lines =
        new(OllamaJson.Wire.OllamaChatLine, OllamaChatMapping.ToLine, OllamaChatMapping.Join, static end => end);

    /// <summary>Answers a request.</summary>
    public static async Task HandleAsync(Served served)
    {
        OllamaChatRequest request = await RequestBody.ReadAsync(served.Http, OllamaJson.Wire.OllamaChatRequest).ConfigureAwait(false);
        string model = served.ResolveModel(request.Model);
        var frame = new OllamaChatLine
        {
            Model = request.Model ?? model,
            CreatedAt = served.Get<TimeProvider>().GetUtcNow(),
            Message = new OllamaMessage { Content = "" },
        };
        ChatPrompt? prompt = OllamaChatMapping.ToPrompt(request, served.Ignored);
        await OllamaAnswers.HandleAsync(served, request, model, prompt, frame, Lines).ConfigureAwait(false);
    }
}
