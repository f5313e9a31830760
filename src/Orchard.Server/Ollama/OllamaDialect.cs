using Orchard.Server.Errors;
using Orchard.Server.Serving;
using Orchard.Server.Streaming;

namespace Orchard.Server.Ollama;

/// <summary>Errors as Ollama's clients expect them: a text.</summary>
internal sealed class OllamaDialect : Dialect
{
    /// <inheritdoc/>
    public override Task WriteErrorAsync(HttpContext context, ApiError error) =>
        context.Response.WriteAsJsonAsync(
            new OllamaError { Error = error.Message }, OllamaJson.Wire.OllamaError, contentType: null, CancellationToken.None);

    /// <inheritdoc/>
    public override void WriteError(StreamedResponse response, ApiError error) =>
        response.Write(new OllamaError { Error = error.Message }, OllamaJson.Wire.OllamaError);
}
