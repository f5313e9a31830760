using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Serving.Models;
using Orchard.Engine.Tests.Inference;

namespace Orchard.Engine.Tests.Serving;

/// <summary>The memory that a model has left.</summary>
public sealed class ReturnedMemoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unload_ModelIsDisposed_ItsMemoryIsReturnedBeforeTheReply()
    {
        await using var engine = new ServingHarness();
        await engine.LoadAsync();
        bool? wasDisposed = null;
        engine.Loader.ReturningMemory = () => wasDisposed = engine.Loader.Decoder!.IsDisposed;

        Assert.True(await engine.Models.TryUnloadAsync(ServingHarness.ModelId));

        Assert.True(wasDisposed);
    }

    [Fact]
    public async Task ReturnMemory_RealModel_NothingRefersToItAnyMore()
    {
        var loader = new LlamaModelLoader(new DecoderOverrides(), NullLogger<LlamaModelLoader>.Instance);
        WeakReference model = await LoadAndDisposeAsync(loader);

        await loader.ReturnMemoryAsync(model);

        Assert.False(model.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> LoadAndDisposeAsync(LlamaModelLoader loader)
    {
        long bytes = loader.Estimate(StarterModel.FilePath, ModelSettings.Default).Most;
        LoadedModelHandle model = await loader.LoadAsync(StarterModel.FilePath, ModelSettings.Default, bytes, new Progress<float>(), Cancellation);
        await model.DisposeAsync();
        return new WeakReference(model);
    }
}
