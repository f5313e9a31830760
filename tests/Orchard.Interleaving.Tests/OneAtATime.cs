namespace Orchard.Interleaving;

/// <summary>
/// Runs the tests one after another: the compiler of the mutants allocates so much that exploring beside it takes up to eight times as long.
/// </summary>
[CollectionDefinition(Name)]
public sealed class OneAtATime
{
    public const string Name = "explorer";
}
