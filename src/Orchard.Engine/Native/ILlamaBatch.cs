namespace Orchard.Engine.Native;

/// <summary>A batch in native memory, or in memory that native code can read.</summary>
internal interface ILlamaBatch
{
    /// <summary>The native struct. Its pointers are valid as long as this object.</summary>
    LlamaBatch Native { get; }
}
