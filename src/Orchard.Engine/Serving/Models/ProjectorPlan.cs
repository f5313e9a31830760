using Orchard.Engine.Inference;
using Orchard.Engine.Inference.Gguf;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Inference.Media;
using Orchard.Engine.Native;
using Orchard.Engine.Native.Media;

namespace Orchard.Engine.Serving.Models;

/// <summary>The projector with which a model is to be loaded, if there is one.</summary>
/// <param name="Header">The header of its file; null if there is none, or if it cannot be used.</param>
/// <param name="Problem">Why a projector that was found is not used; null if it is, or if there is none.</param>
internal sealed record ProjectorPlan(ProjectorHeader? Header, string? Problem = null)
{
    /// <summary>Memory that it takes.</summary>
    public long Bytes => Header?.TotalBytes ?? 0;

    /// <summary>Finds the projector of a model.</summary>
    /// <exception cref="ModelFileException">The projector that the settings name cannot be used.</exception>
    /// <exception cref="NativeLibraryException">The settings name a projector, and there is no library for images and sound.</exception>
    public static ProjectorPlan Of(GgufHeader model, ModelSettings settings)
    {
        if (settings.Projector is ModelSettings.NoProjector)
        {
            return new ProjectorPlan(Header: null);
        }

        try
        {
            ProjectorHeader? header = settings.Projector is { } path
                ? ReadFitting(path, model)
                : ProjectorLocator.FindBeside(model.Path, model.EmbeddingLength);
            if (header is not null && !MtmdLibrary.IsInstalled)
            {
                throw new NativeLibraryException(
                    $"Its projector '{header.Path}' needs the package {MtmdLibrary.Package}. Add the package to the application that "
                    + "starts the engine, and stop the engine, so that the next one has it.");
            }

            return new ProjectorPlan(header);
        }
        catch (Exception e) when (IsOptional(settings) && e is ModelFileException or NativeLibraryException)
        {
            return new ProjectorPlan(Header: null, e.Message);
        }
    }

    /// <summary>Loads the projector synchronously.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settings">How it was to be loaded.</param>
    /// <param name="longestSpan">Most tokens that can be decoded together.</param>
    /// <param name="usesGpu">Whether the model is on a GPU.</param>
    /// <returns>Null if there is none; the plan then says why.</returns>
    public (MediaProjector? Projector, ProjectorPlan Plan) Load(LlamaModel model, ModelSettings settings, int longestSpan, bool usesGpu)
    {
        try
        {
            return (Header is null ? null : MediaProjector.Load(Header, model, longestSpan, usesGpu), this);
        }
        catch (Exception e) when (IsOptional(settings) && e is ModelFileException or NativeLibraryException)
        {
            return (null, new ProjectorPlan(Header: null, e.Message));
        }
    }

    private static bool IsOptional(ModelSettings settings) => settings.Projector is null || settings.IsProjectorOptional;

    private static ProjectorHeader ReadFitting(string path, GgufHeader model)
    {
        var header = ProjectorHeader.Read(path);
        return header.Fits(model.EmbeddingLength)
            ? header
            : throw new ModelFileException(
                path,
                $"The projector '{path}' is for another model than '{model.Path}', whose embeddings have {model.EmbeddingLength:N0} "
                + "dimensions. Use the projector that was published with the model.");
    }
}
