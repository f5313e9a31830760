namespace Orchard.Models;

/// <summary>
/// Caches the last resolved model name for a very short time. Thousands of calls may name the same model at once, and resolving the links
/// of its path takes each of them a system call per directory. Thread-safe.
/// </summary>
internal sealed class RecentModel(Func<string, ResolvedModel?> resolve, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMilliseconds(100);

    private volatile Resolved? _last;

    /// <summary>Resolves a model name. Throws like <see cref="ModelResolver.Resolve"/>.</summary>
    public ResolvedModel? Resolve(string name)
    {
        if (_last is { } last && last.Name == name && time.GetElapsedTime(last.At) < Lifetime)
        {
            return last.Model;
        }

        ResolvedModel? model = resolve(name);
        // The meaning of a relative path depends on the current directory.
        if (model is not null && (BundledModel.Find(name) is not null || model.Origin is not null || Path.IsPathFullyQualified(name)))
        {
            _last = new Resolved(name, model, time.GetTimestamp());
        }

        return model;
    }

    private sealed record Resolved(string Name, ResolvedModel Model, long At);
}
