using Orchard.Templates.Limits;
using Orchard.Templates.Python;
using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

/// <summary>The part of a rendering that operations on values use. Not thread-safe.</summary>
/// <remarks>
/// Some operations look up a function by a name from the template, such as <c>map('upper')</c> or a method in <c>'{0.x}'.format(…)</c>.
/// The abstract members provide these functions to the code below the library that contains them.
/// </remarks>
internal abstract class RenderContext : RenderBudget
{
    private readonly Stack<TextBuffer> _spare = new();

    protected RenderContext(TemplateLimits limits, TimeProvider time, CancellationToken cancellationToken)
        : base(limits, cancellationToken)
    {
        Time = time;
        Comparer = new ValueComparer(this);
    }

    public TimeProvider Time { get; }

    public ValueComparer Comparer { get; }

    public abstract bool HasFilter(string name);

    public abstract TemplateValue ApplyFilter(string name, TemplateValue value, CallArguments arguments);

    public abstract bool HasTest(string name);

    public abstract bool ApplyTest(string name, TemplateValue value, CallArguments arguments);

    public abstract MethodAccess FindMethod(TemplateKind kind, string name);

    public abstract TemplateValue InvokeMethod(TemplateValue receiver, string name, CallArguments arguments);

    public TextBuffer RentBuffer() => _spare.TryPop(out TextBuffer? buffer) ? buffer : new TextBuffer(this);

    public void ReturnBuffer(TextBuffer buffer)
    {
        buffer.Clear();
        _spare.Push(buffer);
    }

    /// <summary>Returns the buffer's text and makes the buffer available for reuse.</summary>
    public string TakeText(TextBuffer buffer)
    {
        string text = buffer.ToString();
        ReturnBuffer(buffer);
        return text;
    }

    public TemplateValue List(TemplateValue[] items) => TemplateValue.From(Checked(new TemplateList(items)));

    public TemplateValue Tuple(params TemplateValue[] items) => TemplateValue.From(Checked(TemplateList.Tuple(items)));

    /// <summary>Returns the container; fails when it is nested too deep for recursive operations.</summary>
    public T Checked<T>(T container)
        where T : TemplateObject =>
        container.Depth <= MaxValueDepth ? container : throw Fail($"lists and mappings are nested more than {MaxValueDepth} levels deep");

    /// <summary>Returns the value; fails with the reason when it is undefined.</summary>
    public TemplateValue RequireDefined(TemplateValue value) =>
        value.IsUndefined ? throw Fail(((TemplateUndefined)value.Object).Message) : value;

    /// <summary>Returns the length as Python's <c>len()</c>; null when the value has none.</summary>
    public int? LengthOf(TemplateValue value)
    {
        if (value.IsText)
        {
            Scan(value.Text.Length);
            return PythonText.Length(value.Text);
        }

        return value.Kind > TemplateKind.String ? value.Object.Length : null;
    }
}
