namespace Orchard.Models.Sources;

/// <summary>A <see cref="ModelSource"/> that can be opened. Every source is one.</summary>
/// <remarks>Separate from it, because the settings of a client are in a layer below its models.</remarks>
internal interface IModelSource
{
    /// <summary>Returns the source's models. Neither connects nor waits.</summary>
    /// <param name="context">What the source shares with its client.</param>
    IModelProvider Open(SourceContext context);
}
