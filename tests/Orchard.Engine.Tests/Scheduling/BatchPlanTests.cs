using Orchard.Engine.Scheduling;

namespace Orchard.Engine.Tests.Scheduling;

public sealed class BatchPlanTests
{
    [Fact]
    public void Next_AllDecode_GivesEachOneToken()
    {
        var plan = new BatchPlan(slots: 4, batchCapacity: 8);

        Assert.Equal([1, 0, 1, 1], plan.Next([new(3, 0), new(0, 0), new(2, 0)], prefillBudget: 2).ToArray());
    }

    [Fact]
    public void Next_NobodyDecodes_FillsTheBatchWithPromptsOldestFirst()
    {
        var plan = new BatchPlan(slots: 3, batchCapacity: 8);

        Assert.Equal([3, 0, 5], plan.Next([new(2, 5), new(0, 100), new(1, 4)], prefillBudget: 2).ToArray());
    }

    [Fact]
    public void Next_LongPromptBesideDecoding_IsChunked()
    {
        var plan = new BatchPlan(slots: 3, batchCapacity: 8);

        Assert.Equal([2, 1, 0], plan.Next([new(1, 0), new(0, 100), new(2, 3)], prefillBudget: 2).ToArray());
    }

    [Fact]
    public void Next_DecodingFillsAlmostAll_LeavesTheRestToThePrompt()
    {
        var plan = new BatchPlan(slots: 4, batchCapacity: 4);

        Assert.Equal([1, 1, 1, 1], plan.Next([new(0, 0), new(1, 0), new(2, 0), new(3, 50)], prefillBudget: 10).ToArray());
    }

    [Fact]
    public void Next_MoreDecodeThanFit_TakeTurns()
    {
        var plan = new BatchPlan(slots: 3, batchCapacity: 2);
        SequenceLoad[] running = [new(0, 0), new(1, 0), new(2, 0)];

        Assert.Equal([1, 1, 0], plan.Next(running, prefillBudget: 1).ToArray());
        Assert.Equal([1, 0, 1], plan.Next(running, prefillBudget: 1).ToArray());
        Assert.Equal([0, 1, 1], plan.Next(running, prefillBudget: 1).ToArray());
    }

    [Fact]
    public void Next_DecodingFillsEveryBatch_PromptStillTakesItsTurn()
    {
        var plan = new BatchPlan(slots: 3, batchCapacity: 2);
        SequenceLoad[] running = [new(0, 0), new(1, 0), new(2, 9)];

        Assert.Equal([1, 1, 0], plan.Next(running, prefillBudget: 4).ToArray());
        Assert.Equal([1, 0, 1], plan.Next(running, prefillBudget: 4).ToArray());
    }

    [Fact]
    public void Next_NothingRuns_IsEmpty() =>
        Assert.Equal([0, 0], new BatchPlan(slots: 2, batchCapacity: 2).Next([], prefillBudget: 1).ToArray());

    [Fact]
    public void Next_SteadyState_AllocatesNothing()
    {
        var plan = new BatchPlan(slots: 3, batchCapacity: 2);
        SequenceLoad[] running = [new(0, 0), new(1, 0), new(2, 5)];
        plan.Next(running, prefillBudget: 1);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            plan.Next(running, prefillBudget: 1);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    /// <summary>Simulates random sequences that start and end.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Next_RandomSequences_KeepsTheBudgetAndLetsEachProgress(int seed)
    {
        var random = new Random(seed);
        int slots = random.Next(1, 9);
        int capacity = random.Next(1, 12);
        int prefill = random.Next(1, 12);
        var plan = new BatchPlan(slots, capacity);
        var running = new List<Played>();
        var free = new Stack<int>(Enumerable.Range(0, slots));
        int longestPrompt = random.Next(1, 30);

        for (int step = 0; step < 300; step++)
        {
            while (free.Count > 0 && random.Next(3) == 0)
            {
                running.Add(new Played(free.Pop(), random.Next(1, longestPrompt + 1), random.Next(1, 40)));
            }

            int[] shares = plan.Next([.. running.Select(static played => played.Load)], prefill).ToArray();

            bool anyDecodes = running.Any(static played => played.Load.IsDecoding);
            int prefillShare = running.Where(static played => !played.Load.IsDecoding).Sum(played => shares[played.Slot]);
            Assert.True(shares.Sum() <= capacity, "the batch is over its capacity");
            Assert.True(!anyDecodes || prefillShare <= prefill, "prefill is over its budget while others decode");
            Assert.True(running.Count == 0 || shares.Sum() > 0, "sequences run, but none progresses");
            AssertPrefillOldestFirst(running, shares);
            foreach (int slot in free)
            {
                Assert.Equal(0, shares[slot]);
            }

            foreach (Played played in running)
            {
                played.Take(shares[played.Slot]);

                // A turn comes at least every `slots` steps; a prompt waits for all tokens of those before it.
                int bound = played.Load.IsDecoding ? slots : slots * slots * longestPrompt;
                Assert.True(played.StepsWithoutShare <= bound, $"slot {played.Slot} starves");
            }

            foreach (Played done in running.Where(static played => played.TokensLeft == 0).ToList())
            {
                running.Remove(done);
                free.Push(done.Slot);
            }
        }
    }

    private static void AssertPrefillOldestFirst(List<Played> running, int[] shares)
    {
        bool olderHasMore = false;
        foreach (Played played in running.Where(static played => !played.Load.IsDecoding))
        {
            Assert.True(shares[played.Slot] <= played.Load.PromptTokensLeft, "more tokens than the prompt has");
            Assert.False(olderHasMore && shares[played.Slot] > 0, "a younger prompt overtook an older one");
            olderHasMore |= shares[played.Slot] < played.Load.PromptTokensLeft;
        }
    }

    private sealed class Played(int slot, int prompt, int tokens)
    {
        private int _promptLeft = prompt;

        public int Slot => slot;

        public int TokensLeft { get; private set; } = tokens;

        public int StepsWithoutShare { get; private set; }

        public SequenceLoad Load => new(slot, _promptLeft);

        public void Take(int share)
        {
            StepsWithoutShare = share > 0 ? 0 : StepsWithoutShare + 1;
            if (_promptLeft > 0)
            {
                _promptLeft -= share;
                return;
            }

            Assert.True(share <= 1, "a decoding sequence has one token a step");
            TokensLeft -= share;
        }
    }
}
