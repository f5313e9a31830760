using Orchard.Models;

namespace Orchard.Testing;

/// <summary>
/// Resolves every name, also of models that are not on this machine, as the scripted engine reads no files. An existing file has the same
/// identity under all its names, as in an application.
/// </summary>
/// <param name="script">Says which models are missing.</param>
internal sealed class FakeModelResolver(EngineScript script) : ModelResolver(AppContext.BaseDirectory)
{
    public override ResolvedModel? Resolve(string model)
    {
        if (script.Misses(model))
        {
            throw new ModelNotFoundException(model, $"The script of the {nameof(FakeEngine)} says that there is no model '{model}'.");
        }

        try
        {
            return base.Resolve(model);
        }
        catch (ModelNotFoundException)
        {
            string name = model.Trim();
            return new ResolvedModel(model, name, name);
        }
    }
}
