namespace Orchard;

/// <summary>
/// Models that are served elsewhere than by the engine on this machine. Add it to <see cref="ClientOptions.Sources"/>; calls to a model
/// <c>name/model</c> then go to the source with that <see cref="Name"/>.
/// </summary>
/// <remarks>The kinds of sources are classes of the package <c>Orchard.Remote</c>. Not thread-safe while it is being changed.</remarks>
public abstract class ModelSource
{
    private protected ModelSource()
    {
    }

    /// <summary>
    /// First part of the names of the source's models, before the slash: 1 to 64 letters, digits, dots, hyphens and underscores. Compared
    /// regardless of case. It takes precedence over a directory or an owner of the hub with the same name.
    /// </summary>
    public string Name { get; set; } = "";

    /// <summary>Returns a copy that is not shared with the caller.</summary>
    internal abstract ModelSource Copy();

    /// <exception cref="ArgumentException">A setting is missing or not allowed. The message names it.</exception>
    internal virtual void Validate()
    {
        if (Name is not { Length: >= 1 and <= 64 } || !Name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            throw new ArgumentException(
                $"The name of a model source is '{Name}'; it must have 1 to 64 letters, digits, dots, hyphens and underscores.",
                nameof(Name));
        }
    }
}
