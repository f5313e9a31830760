using Orchard.Server.Errors;
using Orchard.Server.Models;
using Orchard.Server.Serving;
using Orchard.Server.Streaming;

namespace Orchard.Server.Page;

/// <summary><c>POST /page/load</c>: loads a model, and downloads it first if the hub has it and this machine has not.</summary>
internal static class PageLoadEndpoint
{
    /// <summary>Answers a request with lines of progress.</summary>
    public static async Task HandleAsync(Served served)
    {
        PageLoadRequest request = await RequestBody.ReadAsync(served.Http, PageJson.Wire.PageLoadRequest).ConfigureAwait(false);
        string name = request.Model?.Trim() is { Length: > 0 } given
            ? given
            : throw ApiException.Invalid("model", "is missing; it must name a model");
        string model = served.Get<ModelNames>().FindOffered(name) ?? HubNames.Require(served.Get<OrchardServerOptions>(), name);
        served.Use(name, model);
        ModelRegistry models = served.Client.Models;
        var last = new PageLoadLine { Status = "resolving" };
        await served.StreamAsync(
            StreamFormat.JsonLines,
            token => ModelProgress.StreamAsync((progress, stop) => models.EnsureLoadedAsync(model, progress, stop), token),
            (stream, report) => Write(stream, last = ToLine(report)),
            stream => Write(stream, last),
            isPreliminary: static report => report.Phase == ModelLoadPhase.Resolving).ConfigureAwait(false);
    }

    private static PageLoadLine ToLine(ModelLoadProgress report) => new()
    {
        Status = report.Phase switch
        {
            ModelLoadPhase.Downloading => "downloading",
            ModelLoadPhase.Verifying => "verifying",
            ModelLoadPhase.Connecting => "connecting",
            ModelLoadPhase.Loading => "loading",
            ModelLoadPhase.Ready => "ready",
            _ => "resolving",
        },
        Completed = report.LoadedBytes,
        Total = report.TotalBytes,
        BytesPerSecond = report.BytesPerSecond,
    };

    private static void Write(StreamedResponse stream, PageLoadLine line) => stream.Write(line, PageJson.Wire.PageLoadLine);
}
