namespace Orchard.Interleaving;

/// <summary>Decides who goes on. Each seed has its own habits, since no single one finds every kind of race.</summary>
internal abstract class Chooser(Random random)
{
    protected Random Random { get; } = random;

    public static Chooser For(Random random) => random.Next(4) switch
    {
        0 => new Wanderer(random, 2),
        1 => new Wanderer(random, 6),
        2 => new Wanderer(random, 24),
        _ => new Ranking(random),
    };

    /// <summary>Something new can be chosen from now on.</summary>
    public virtual void Rank(Runnable runnable)
    {
    }

    /// <summary>One of the candidates.</summary>
    /// <param name="candidates">At least one.</param>
    /// <param name="current">Who has the baton, when it can go on.</param>
    public abstract Runnable Choose(List<Runnable> candidates, Runnable? current);

    /// <summary>Goes on with whoever runs, and now and then, as often as its rate says, with anybody.</summary>
    private sealed class Wanderer(Random random, int rate) : Chooser(random)
    {
        public override Runnable Choose(List<Runnable> candidates, Runnable? current) =>
            current is not null && Random.Next(rate) != 0 ? current : candidates[Random.Next(candidates.Count)];
    }

    /// <summary>
    /// Always the one of the highest rank; ranks are drawn, and few times in a schedule whoever runs falls behind all others. Finds
    /// races that need a long sleep at one place rather than many switches.
    /// </summary>
    private sealed class Ranking : Chooser
    {
        private const int Falls = 3;
        private const int UsualSteps = 300;

        private readonly int[] _fallsAt = new int[Falls];
        private int _step;
        private int _lowest;

        public Ranking(Random random)
            : base(random)
        {
            for (int i = 0; i < Falls; i++)
            {
                _fallsAt[i] = random.Next(UsualSteps);
            }
        }

        public override void Rank(Runnable runnable) => runnable.Priority = Random.Next(1, int.MaxValue);

        public override Runnable Choose(List<Runnable> candidates, Runnable? current)
        {
            if (current is not null && Array.IndexOf(_fallsAt, _step++) >= 0)
            {
                current.Priority = --_lowest;
            }

            Runnable highest = candidates[0];
            foreach (Runnable candidate in candidates)
            {
                highest = candidate.Priority > highest.Priority ? candidate : highest;
            }

            return highest;
        }
    }
}
