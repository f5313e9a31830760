using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Orchard.Templates.Syntax;
using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

/// <summary>One rendering: its variables, the line it is at, where its text goes, and what it may still use. One thread only.</summary>
internal sealed class Run
{
    private const int CharsPerStep = 16;
    private const int CharsPerItem = 12;

    private readonly TemplateLimits _limits;
    private readonly Stack<TextBuffer> _spare = new();
    private long _steps;
    private long _memory;
    private int _depth;

    public Run(TemplateLimits limits, IReadOnlyDictionary<string, TemplateValue> variables, TimeProvider time)
    {
        _limits = limits;
        _steps = limits.MaxSteps;
        _memory = limits.MaxMemory;
        Variables = variables;
        Time = time;
        Comparer = new ValueComparer(this);
        Output = RentBuffer();
    }

    public IReadOnlyDictionary<string, TemplateValue> Variables { get; }

    public TimeProvider Time { get; }

    public ValueComparer Comparer { get; }

    /// <summary>Where printed text goes: the prompt, or the text of a macro or block being captured.</summary>
    public TextBuffer Output { get; set; }

    /// <summary>The variables of the function being executed.</summary>
    public Frame Frame { get; set; } = null!;

    /// <summary>The line of the source being evaluated.</summary>
    public int Line { get; set; } = 1;

    public int MaxOutputLength => _limits.MaxOutputLength;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step()
    {
        if (--_steps < 0)
        {
            FailSteps();
        }
    }

    /// <summary>Pays for visiting so many items.</summary>
    public void Spend(long items)
    {
        _steps -= items;
        if (_steps < 0)
        {
            FailSteps();
        }
    }

    /// <summary>Pays for looking through so many characters.</summary>
    public void Scan(long characters) => Spend(characters / CharsPerStep);

    /// <summary>Pays for looking for one text in another: the worst case is their product.</summary>
    public void Search(int length, int soughtLength) => Scan((long)length * (1 + (soughtLength / 64)));

    /// <summary>Pays for a text of so many characters, before it is made.</summary>
    public void Allocate(long characters)
    {
        _memory -= characters;
        if (_memory < 0)
        {
            throw Fail($"it makes more than {_limits.MaxMemory} characters of text and lists");
        }
    }

    /// <summary>Pays for a list of so many items, before it is made.</summary>
    public void AllocateItems(long count) => Allocate(count * CharsPerItem);

    /// <summary>Enters a macro, a caller or a recursive loop.</summary>
    public void Enter()
    {
        if (++_depth > _limits.MaxCallDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Fail($"macros or loops call each other more than {_limits.MaxCallDepth} deep");
        }
    }

    public void Leave() => _depth--;

    /// <summary>Unsets the scope's variables.</summary>
    public void Enter(Scope scope)
    {
        if (scope.SlotCount > 0)
        {
            Array.Clear(Frame.Slots, scope.FirstSlot, scope.SlotCount);
        }
    }

    public TextBuffer RentBuffer() => _spare.TryPop(out TextBuffer? buffer) ? buffer : new TextBuffer(this);

    public void ReturnBuffer(TextBuffer buffer)
    {
        buffer.Clear();
        _spare.Push(buffer);
    }

    /// <summary>The buffer's text; the buffer goes back.</summary>
    public string TakeText(TextBuffer buffer)
    {
        string text = buffer.ToString();
        ReturnBuffer(buffer);
        return text;
    }

    public TemplateValue List(TemplateValue[] items) => TemplateValue.FromList(Checked(new TemplateList(items)));

    public TemplateValue Tuple(params TemplateValue[] items) => TemplateValue.FromTuple(Checked(new TemplateList(items)));

    /// <summary>Refuses containers that nest too deep to be walked.</summary>
    public T Checked<T>(T container)
        where T : TemplateContainer =>
        container.Depth <= _limits.MaxValueDepth ? container : throw Fail($"its lists and mappings nest more than {_limits.MaxValueDepth} deep");

    /// <summary>The error for the line being evaluated.</summary>
    public TemplateException Fail(string problem) => TemplateException.At(Line, problem);

    [DoesNotReturn]
    private void FailSteps() => throw Fail($"it takes more than {_limits.MaxSteps} steps");
}
