namespace Orchard;

/// <summary>
/// The model file was changed while the engine computed the answer with it. The next call loads the file again. To replace a model that is
/// in use, rename a new file over it, or set <see cref="ClientOptions.UseMemoryMap"/> to false.
/// </summary>
public sealed class ModelChangedException : OrchardException
{
    internal ModelChangedException(string model, string message)
        : base(message) => Model = model;

    /// <summary>Path of the model file.</summary>
    public string Model { get; }
}
