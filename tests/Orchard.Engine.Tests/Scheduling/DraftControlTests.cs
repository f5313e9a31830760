using Orchard.Engine.Scheduling.Speculation;

namespace Orchard.Engine.Tests.Scheduling;

/// <summary>Drafts are verified where that saves time, by what decodes have taken.</summary>
public sealed class DraftControlTests
{
    private static readonly bool[] Uncertain = new bool[15];
    private static readonly bool[] Certain = [.. Enumerable.Repeat(true, 15)];

    private readonly DraftControl _control = new(sequences: 32);

    [Fact]
    public void CheapTokens_AreAllVerified()
    {
        for (int i = 0; i < 20; i++)
        {
            Decode(sequences: 1, milliseconds: 10);
            Verify(DraftSource.Lookup, accepted: 15, of: 15, milliseconds: 15);
            Verify(DraftSource.Lookup, accepted: 4, of: 4, milliseconds: 12);
        }

        Assert.Equal(15, Limit(DraftSource.Lookup, 0.95));
        Assert.InRange(Limit(DraftSource.Lookup, 0.5), 1, 5);
    }

    [Fact]
    public void DraftsOfEqualLength_CostWhatTheyDid()
    {
        for (int i = 0; i < 20; i++)
        {
            Decode(sequences: 8, milliseconds: 18);
            _control.Record(sequences: 8, drafts: 8, tokens: 24, TimeSpan.FromMilliseconds(i < 2 ? 50 : 23));
        }

        bool[] certain = [.. Enumerable.Repeat(true, 3)];
        for (int i = 0; i < 150; i++)
        {
            Decode(sequences: 8, milliseconds: 18);
        }

        Assert.Equal(3, _control.Limit(DraftSource.Grammar, certain, accuracy: null, sequences: 8));
    }

    [Fact]
    public void TextRepeatsItselfForLong_RoundsWithoutDraftsAreStillMeasured()
    {
        int without = 0;
        for (int i = 0; i < 1_000; i++)
        {
            int count = Limit(DraftSource.Lookup, 0.95);
            without += count == 0 ? 1 : 0;
            if (count > 0)
            {
                Verify(DraftSource.Lookup, accepted: count, of: count, milliseconds: 12);
            }
            else
            {
                Decode(sequences: 1, milliseconds: 10);
            }
        }

        Assert.InRange(without, 20, 60);
    }

    [Fact]
    public void TokensThatCostAsMuchAsTheySave_AreNotVerified()
    {
        Decode(sequences: 1, milliseconds: 10);
        int verified = 0;
        for (int i = 0; i < 1_000; i++)
        {
            int count = Limit(DraftSource.Lookup, 0.95);
            verified += count > 0 ? 1 : 0;
            if (count > 0)
            {
                Verify(DraftSource.Lookup, accepted: count, of: count, milliseconds: 10 * (count + 2));
            }
            else
            {
                Decode(sequences: 1, milliseconds: 10);
            }
        }

        Assert.InRange(verified, 1, 20);
    }

    [Fact]
    public void DraftsThatFail_CostAboutOnePercent()
    {
        double total = 0;
        Decode(sequences: 1, milliseconds: 10);
        const int Steps = 5_000;
        for (int i = 0; i < Steps; i++)
        {
            int count = Limit(DraftSource.Lookup, 0.9); // which is not true
            double milliseconds = count > 0 ? 10 + (3 * count) : 10;
            total += milliseconds;
            if (count > 0)
            {
                Verify(DraftSource.Lookup, accepted: 0, of: count, milliseconds);
            }
            else
            {
                Decode(sequences: 1, milliseconds: 10);
            }
        }

        Assert.InRange(total / (10 * Steps), 1, 1.015);
    }

    [Fact]
    public void LossesOfLookups_LeaveGrammarsAlone()
    {
        Decode(sequences: 1, milliseconds: 10);
        for (int i = 0; i < 3; i++)
        {
            Verify(DraftSource.Lookup, accepted: 0, of: 4, milliseconds: 20);
        }

        Assert.Equal(0, Limit(DraftSource.Lookup, 0.9));
        Assert.Equal(15, _control.Limit(DraftSource.Grammar, Certain, accuracy: null, sequences: 1));
    }

    [Fact]
    public void CostsOfSeveralSequences_AreTheirOwn()
    {
        Decode(sequences: 8, milliseconds: 40);
        for (int i = 0; i < 20; i++)
        {
            _control.Record(sequences: 8, drafts: 1, tokens: 5, TimeSpan.FromMilliseconds(90));
        }

        Assert.Equal(0, _control.Limit(DraftSource.Grammar, Certain, accuracy: null, sequences: 8));
        Assert.Equal(15, _control.Limit(DraftSource.Grammar, Certain, accuracy: null, sequences: 1));
    }

    [Fact]
    public void OneRoundWasHeldUp_EndsDraftsForAWhileAtMost()
    {
        Decode(sequences: 1, milliseconds: 10);
        for (int i = 0; i < 20; i++)
        {
            Verify(DraftSource.Lookup, accepted: 8, of: 8, milliseconds: 15);
        }

        Verify(DraftSource.Lookup, accepted: 8, of: 8, milliseconds: 1_000);

        int pause = 0;
        for (; Limit(DraftSource.Lookup, 0.95) == 0 && pause < 1_000; pause++)
        {
            Decode(sequences: 1, milliseconds: 10);
        }

        Assert.InRange(pause, 0, 500); // it counts as five rounds, not as a hundred
        Assert.InRange(Limit(DraftSource.Lookup, 0.95), 4, 15);
    }

    private int Limit(DraftSource source, double accuracy) => _control.Limit(source, Uncertain, accuracy, sequences: 1);

    private void Decode(int sequences, double milliseconds) =>
        _control.Record(sequences, drafts: 0, tokens: 0, TimeSpan.FromMilliseconds(milliseconds));

    private void Verify(DraftSource source, int accepted, int of, double milliseconds)
    {
        _control.RecordOutcome(source, Uncertain.AsSpan(0, of), accepted, sequences: 1);
        _control.Record(sequences: 1, drafts: 1, tokens: of, TimeSpan.FromMilliseconds(milliseconds));
    }
}
