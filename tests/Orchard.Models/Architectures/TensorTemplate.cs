namespace Orchard.TestModels.Architectures;

/// <summary>A tensor, or one per block: <c>blk.*.attn_q.weight</c> in all blocks, <c>blk.0,2.attn_q.weight</c> in two.</summary>
/// <param name="Pattern">The name, with the blocks as its second part.</param>
/// <param name="Dimensions">Sizes, the fastest first.</param>
internal sealed record TensorTemplate(string Pattern, string[] Dimensions)
{
    public IEnumerable<string> Names(int blocks)
    {
        string[] parts = Pattern.Split('.');
        int at = Array.IndexOf(parts, "blk") + 1;
        if (at == 0)
        {
            return [Pattern];
        }

        IEnumerable<string> numbers = parts[at] == "*" ? Enumerable.Range(0, blocks).Select(static block => $"{block}") : parts[at].Split(',');
        return numbers.Select(number => string.Join('.', [.. parts[..at], number, .. parts[(at + 1)..]]));
    }
}
