namespace Orchard.Grammars.Automata;

/// <summary>The bytes of an object's key, as far as they have been read: a linked list from the last byte to the first.</summary>
internal sealed class KeyText(KeyText? parent, byte last, int id)
{
    public static KeyText Empty { get; } = new(null, 0, -1);

    /// <summary>Unique in an automaton.</summary>
    public int Id { get; } = id;

    private KeyText? Parent { get; } = parent;

    private byte Last { get; } = last;

    private int Length { get; } = parent is null ? 0 : parent.Length + 1;

    /// <summary>
    /// Whether two keys have the same bytes. Equal keys are one object only if they were interned in the same generation.
    /// </summary>
    public static bool AreEqual(KeyText a, KeyText b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }

        while (a != b)
        {
            if (a.Last != b.Last)
            {
                return false;
            }

            a = a.Parent!;
            b = b.Parent!;
        }

        return true;
    }
}
