namespace Orchard.Engine.Inference;

/// <summary>What can be used of the saved state of a sequence.</summary>
internal enum StateReuse
{
    /// <summary>Nothing: states cannot be saved.</summary>
    None,

    /// <summary>All of its tokens or nothing, because the state cannot be rewound, or consists of the last tokens alone.</summary>
    Whole,

    /// <summary>Any number of its first tokens.</summary>
    Prefix,
}
