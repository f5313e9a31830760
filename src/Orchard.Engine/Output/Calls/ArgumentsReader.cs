namespace Orchard.Engine.Output.Calls;

/// <summary>Parses the arguments of one call character by character. Not thread-safe.</summary>
internal abstract class ArgumentsReader
{
    /// <summary>Characters that were read, but belong to what follows the arguments.</summary>
    public virtual string Rest => "";

    /// <summary>Processes a character.</summary>
    public abstract CallProgress Read(char character);

    /// <summary>Ends the arguments.</summary>
    /// <param name="isComplete">Whether what follows shows that they are complete.</param>
    public virtual void End(bool isComplete)
    {
    }
}
