using System.Runtime.CompilerServices;

namespace Orchard.Templates.Limits;

/// <summary>The work and memory that one rendering may still use, and the line being evaluated. Not thread-safe.</summary>
/// <param name="limits">The limits of the rendering.</param>
/// <param name="cancellationToken">Ends the rendering. Looked at once per <see cref="StepsPerCheck"/>.</param>
internal abstract class RenderBudget(TemplateLimits limits, CancellationToken cancellationToken)
{
    /// <summary>Number of steps after which the cancellation is looked at: less than a millisecond.</summary>
    public const int StepsPerCheck = 4096;

    private const int CharsPerStep = 16;
    private const int CharsPerItem = 12;

    private long _steps; // until the next check
    private long _laterSteps = limits.MaxSteps;
    private long _memory = limits.MaxMemory;
    private int _depth;

    /// <summary>The line of the source being evaluated, counted from 1.</summary>
    public int Line { get; set; } = 1;

    public int MaxOutputLength => limits.MaxOutputLength;

    protected int MaxValueDepth => limits.MaxValueDepth;

    /// <summary>Charges for one evaluated node or visited item.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step()
    {
        if (--_steps < 0)
        {
            Check();
        }
    }

    /// <summary>Charges for visiting a number of items.</summary>
    public void Spend(long items)
    {
        _steps -= items;
        if (_steps < 0)
        {
            Check();
        }
    }

    /// <summary>Charges for scanning a number of characters.</summary>
    public void Scan(long characters) => Spend(characters / CharsPerStep);

    /// <summary>Charges for a substring search, whose worst case is the product of both lengths.</summary>
    public void Search(int length, int soughtLength) => Scan((long)length * (1 + (soughtLength / 64)));

    /// <summary>Charges for a string. Called before it is allocated.</summary>
    public void Allocate(long characters)
    {
        _memory -= characters;
        if (_memory < 0)
        {
            throw Fail($"rendering allocates more than {limits.MaxMemory} characters of strings and lists");
        }
    }

    /// <summary>Charges for the items of a list. Called before it is allocated.</summary>
    public void AllocateItems(long count) => Allocate(count * CharsPerItem);

    /// <summary>Enters a macro, a caller or a recursive loop.</summary>
    public void EnterCall()
    {
        if (++_depth > limits.MaxCallDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Fail($"macros or loops call each other more than {limits.MaxCallDepth} levels deep");
        }
    }

    public void LeaveCall() => _depth--;

    /// <summary>Returns an error at the line being evaluated.</summary>
    /// <param name="problem">The problem: a clause without a final period.</param>
    public TemplateException Fail(string problem) => TemplateException.At(Line, problem);

    private void Check()
    {
        cancellationToken.ThrowIfCancellationRequested();
        _laterSteps += _steps;
        if (_laterSteps < 0)
        {
            throw Fail($"rendering takes more than {limits.MaxSteps} steps");
        }

        _steps = Math.Min(_laterSteps, StepsPerCheck);
        _laterSteps -= _steps;
    }
}
