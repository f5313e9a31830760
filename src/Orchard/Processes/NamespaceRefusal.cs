using Orchard.Protocol;

namespace Orchard.Processes;

/// <summary>Errors for a namespace that cannot be used.</summary>
internal static class NamespaceRefusal
{
    private const string Option = $"{nameof(ClientOptions)}.{nameof(ClientOptions.EngineRoot)}";

    public static EngineNotTrustedException Of(UntrustedPathException e) => new(
        $"{e.Message} Or choose a directory of this user alone with {Option} or {EngineRoot.CacheRootVariable}.", e);

    public static EngineStartException Of(NoHomeDirectoryException e) => new($"{e.Message} In code, set {Option}.", e);
}
