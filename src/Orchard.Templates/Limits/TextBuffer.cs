using System.Buffers;

namespace Orchard.Templates.Limits;

/// <summary>A string builder that charges its growth to a rendering. Reused within that rendering.</summary>
internal sealed class TextBuffer(RenderBudget budget)
{
    private char[] _chars = [];
    private int _length;

    public int Length => _length;

    public ReadOnlySpan<char> Written => _chars.AsSpan(0, _length);

    public void Append(char value) => Append([value]);

    public void Append(ReadOnlySpan<char> text)
    {
        int needed = checked(_length + text.Length);
        if (needed > budget.MaxOutputLength)
        {
            throw budget.Fail($"the output is longer than {budget.MaxOutputLength} characters");
        }

        budget.Allocate(text.Length);
        if (needed > _chars.Length)
        {
            Grow(needed);
        }

        text.CopyTo(_chars.AsSpan(_length));
        _length = needed;
    }

    public void Append(char value, long count)
    {
        if (count <= 0)
        {
            return;
        }

        if (count > budget.MaxOutputLength)
        {
            throw budget.Fail($"the output is longer than {budget.MaxOutputLength} characters");
        }

        Append(new string(value, (int)count));
    }

    public void Clear() => _length = 0;

    /// <summary>Returns the memory to the pool. The buffer can still be used.</summary>
    public void Release()
    {
        if (_chars.Length > 0)
        {
            ArrayPool<char>.Shared.Return(_chars);
        }

        _chars = [];
        _length = 0;
    }

    public override string ToString() => new(_chars, 0, _length);

    private void Grow(int needed)
    {
        char[] larger = ArrayPool<char>.Shared.Rent(Math.Max(needed, Math.Max(256, _chars.Length * 2)));
        Written.CopyTo(larger);
        if (_chars.Length > 0)
        {
            ArrayPool<char>.Shared.Return(_chars);
        }

        _chars = larger;
    }
}
