namespace Orchard.Grammars.Automata;

/// <summary>The keys that an object already has: a linked list from the last one to the first.</summary>
internal sealed class KeySet(KeySet? others, KeyText? last)
{
    public static KeySet Empty { get; } = new(null, null);

    private KeySet? Others { get; } = others;

    private KeyText? Last { get; } = last;

    public bool Contains(KeyText key)
    {
        for (KeySet keys = this; keys.Last is { } last; keys = keys.Others!)
        {
            if (KeyText.AreEqual(last, key))
            {
                return true;
            }
        }

        return false;
    }
}
