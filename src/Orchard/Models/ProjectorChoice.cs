using Orchard.Protocol;
using Orchard.Protocol.Messages.Management;

namespace Orchard.Models;

/// <summary>The projector with which a model is to be loaded. Immutable.</summary>
/// <param name="Path">Absolute path, or <see cref="LoadExtensions.NoProjector"/>; null for the one that the engine finds.</param>
/// <param name="IsOptional">Whether the model is loaded without it if it cannot be used.</param>
internal readonly record struct ProjectorChoice(string? Path, bool IsOptional)
{
    /// <summary>Returns the choice for a model.</summary>
    /// <exception cref="ModelLoadException">The options of the model specify a file that does not exist.</exception>
    public static ProjectorChoice Of(ResolvedModel model) => model.Options.Projector switch
    {
        null => new ProjectorChoice(model.Projector, model.Projector is not (null or LoadExtensions.NoProjector)),
        var name when name.Trim().Equals(ModelOptions.NoProjector, StringComparison.OrdinalIgnoreCase) =>
            new ProjectorChoice(LoadExtensions.NoProjector, false),
        var path => new ProjectorChoice(Existing(model.RequestedId, path.Trim()), false),
    };

    private static string Existing(string model, string path)
    {
        string full;
        try
        {
            full = UserPath.GetFullPath(path);
        }
        catch (NoHomeDirectoryException e)
        {
            throw new ModelLoadException(model, $"The model '{model}' was not loaded. {e.Message}");
        }

        return File.Exists(full)
            ? RealPath.Of(full)
            : throw new ModelLoadException(
                model,
                $"The model '{model}' was not loaded, because its projector '{full}' does not exist. Correct "
                + $"{nameof(ModelOptions)}.{nameof(ModelOptions.Projector)}, or set it to '{ModelOptions.NoProjector}'.");
    }
}
