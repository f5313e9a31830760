using Microsoft.Extensions.Logging;
using Orchard.Engine.Serving.Models;

namespace Orchard.Engine.Inference;

internal sealed class LlamaModelLoader(ILogger logger) : IModelLoader
{
    public ModelFileFacts Inspect(string path) => throw new NotImplementedException();
    public Task<LoadedModelHandle> LoadAsync(string path, IProgress<float> progress, CancellationToken cancellationToken) { _ = logger; throw new NotImplementedException(); }
}
