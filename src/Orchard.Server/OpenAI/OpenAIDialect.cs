using Orchard.Server.Errors;
using Orchard.Server.Serving;
using Orchard.Server.Streaming;

namespace Orchard.Server.OpenAI;

/// <summary>Errors as OpenAI's clients expect them.</summary>
internal sealed class OpenAIDialect : Dialect
{
    /// <inheritdoc/>
    public override Task WriteErrorAsync(HttpContext context, ApiError error) =>
        context.Response.WriteAsJsonAsync(
            ErrorBody.Of(error), OpenAIJson.Wire.ErrorBody, contentType: null, CancellationToken.None);

    /// <inheritdoc/>
    public override void WriteError(StreamedResponse response, ApiError error) =>
        response.Write(ErrorBody.Of(error), OpenAIJson.Wire.ErrorBody, "error");
}
