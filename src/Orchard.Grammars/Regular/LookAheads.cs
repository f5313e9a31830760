using Orchard.Grammars.Characters;

namespace Orchard.Grammars.Regular;

/// <summary>Separates the look-aheads at the start of an expression, which are conditions on the whole text, from the rest.</summary>
internal static class LookAheads
{
    /// <summary>
    /// Returns the look-aheads directly after <c>^</c>, or of <c>^((?!…).)*$</c>, and the expression without them; null if there are
    /// others.
    /// </summary>
    public static (IReadOnlyList<PatternNode.LookAhead> Looks, PatternNode Body)? Split(PatternNode node)
    {
        if (node is not PatternNode.Sequence { Items: [PatternNode.Anchor { IsStart: true } start, ..] whole })
        {
            return HasLook(node) ? null : ([], node);
        }

        PatternNode[] items = [.. whole.Skip(1)];
        PatternNode.LookAhead[] looks = [.. items.TakeWhile(item => item is PatternNode.LookAhead).Cast<PatternNode.LookAhead>()];
        PatternNode[] rest = [start, .. items.Skip(looks.Length)];
        if (rest is [_, PatternNode.Repetition { Item: PatternNode.Sequence step, Min: 0, Max: null }, PatternNode.Anchor end]
            && !end.IsStart
            && step.Items is [PatternNode.LookAhead { IsNegative: true } each, PatternNode.Character any])
        {
            // At no position of the text.
            var somewhere = new PatternNode.Sequence(
                [new PatternNode.Repetition(new PatternNode.Character(CodePointSet.All), 0, null), each.Item]);
            looks = [.. looks, each with { Item = somewhere }];
            rest = [start, new PatternNode.Repetition(any, 0, null), end];
        }

        var without = new PatternNode.Sequence(rest);
        return HasLook(without) || looks.Any(look => HasLook(look.Item)) ? null : (looks, without);
    }

    private static bool HasLook(PatternNode node) => node switch
    {
        PatternNode.LookAhead => true,
        PatternNode.Sequence sequence => sequence.Items.Any(HasLook),
        PatternNode.Alternation alternation => alternation.Options.Any(HasLook),
        PatternNode.Repetition repetition => HasLook(repetition.Item),
        _ => false,
    };
}
