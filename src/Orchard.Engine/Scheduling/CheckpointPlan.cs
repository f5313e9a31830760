using Orchard.Engine.Inference.Media;

namespace Orchard.Engine.Scheduling;

/// <summary>Where a prompt is interrupted while it is computed, to keep a checkpoint. Not thread-safe.</summary>
/// <remarks>
/// A state that cannot be rewound is kept where other prompts are likely to depart from this one: between messages, so that a conversation
/// with the same system prompt or with an edited message goes on from there, and before the marks that ask for the answer, because the
/// next turn may render the answer in another way. Each interruption costs a pass over the weights, so there are few.
/// </remarks>
internal sealed class CheckpointPlan
{
    // Fewer tokens are computed again rather than kept.
    private const int LeastTokens = 32;

    private const int LeastDistance = 128;
    private const int MostDistance = 2048;
    private const int MostPositions = 16;

    // What asks for the answer has no more tokens than this.
    private const int AnswerMarks = 16;

    private readonly List<int> _positions = []; // ascending

    /// <summary>Plans checkpoints in a prompt.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="computed">The number of its tokens that need not be computed.</param>
    /// <param name="isMark">Returns whether a token is a mark between messages.</param>
    /// <param name="media">The images and sounds in the prompt, in which there are no checkpoints; null if there are none.</param>
    public void Plan(ReadOnlySpan<int> prompt, int computed, Func<int, bool> isMark, MediaSpans? media = null)
    {
        int distance = Math.Max(LeastDistance, (prompt.Length - computed) / MostPositions);
        int end = BeforeAnswer(prompt, computed, isMark);
        int last = computed;
        for (int position = computed + 1; position <= end - LeastTokens; position++)
        {
            if (media?.At(position) is { } span && span.Start < position)
            {
                continue;
            }

            int passed = position - last;
            if ((passed >= distance && IsMark(prompt[position], isMark)) || passed >= Math.Max(2 * distance, MostDistance))
            {
                Add(last = position);
            }
        }

        end = media?.Floor(end) ?? end;
        if (end - computed >= LeastTokens)
        {
            Add(end);
        }
    }

    /// <summary>Adds a position: the number of tokens before it.</summary>
    public void Add(int position)
    {
        int index = _positions.BinarySearch(position);
        if (index < 0)
        {
            _positions.Insert(~index, position);
        }
    }

    /// <summary>Returns the first position after another one, at most <paramref name="end"/>.</summary>
    public int NextAfter(int position, int end)
    {
        foreach (int planned in _positions)
        {
            if (planned > position)
            {
                return Math.Min(planned, end);
            }
        }

        return end;
    }

    /// <summary>Removes a position. Returns false if it is not planned.</summary>
    public bool Remove(int position)
    {
        int index = _positions.BinarySearch(position);
        if (index < 0)
        {
            return false;
        }

        _positions.RemoveAt(index);
        return true;
    }

    private static bool IsMark(int token, Func<int, bool> isMark) => token >= 0 && isMark(token);

    private static int BeforeAnswer(ReadOnlySpan<int> prompt, int computed, Func<int, bool> isMark)
    {
        int least = Math.Max(computed, prompt.Length - AnswerMarks);
        int first = -1;
        for (int position = prompt.Length - 1; position > least; position--)
        {
            first = IsMark(prompt[position], isMark) ? position : first;
        }

        return first >= 0 ? first : least;
    }
}
