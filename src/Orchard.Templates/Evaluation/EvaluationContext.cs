using Orchard.Templates.Library;
using Orchard.Templates.Limits;
using Orchard.Templates.Operations;
using Orchard.Templates.Runtime;
using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation;

/// <summary>One rendering: its variables, its current frame and its output. Not thread-safe.</summary>
internal sealed class EvaluationContext : RenderContext
{
    private readonly IReadOnlyDictionary<string, TemplateValue> _variables;

    public EvaluationContext(
        TemplateLimits limits,
        IReadOnlyDictionary<string, TemplateValue> variables,
        TimeProvider time,
        Frame frame,
        CancellationToken cancellationToken)
        : base(limits, time, cancellationToken)
    {
        _variables = variables;
        Frame = frame;
        Output = RentBuffer();
    }

    /// <summary>The destination of printed text: the prompt, or the text of a macro or block being captured.</summary>
    public TextBuffer Output { get; set; }

    /// <summary>The variables of the function being executed.</summary>
    public Frame Frame { get; set; }

    public override bool HasFilter(string name) => FilterTable.Find(name) is not null;

    public override TemplateValue ApplyFilter(string name, TemplateValue value, CallArguments arguments) =>
        FilterTable.Find(name)!(this, value, arguments);

    public override bool HasTest(string name) => TestTable.Find(name) is not null;

    public override bool ApplyTest(string name, TemplateValue value, CallArguments arguments) =>
        TestTable.Find(name)!(this, value, arguments);

    public override MethodAccess FindMethod(TemplateKind kind, string name) => MethodTable.Find(kind, name);

    public override TemplateValue InvokeMethod(TemplateValue receiver, string name, CallArguments arguments) =>
        MethodTable.Invoke(this, receiver, name, arguments);

    /// <summary>Looks up a name that no scope of the template defines: a variable of the caller, or a global function.</summary>
    public bool TryGetGlobal(string name, out TemplateValue value) =>
        _variables.TryGetValue(name, out value) || GlobalTable.TryGet(name, out value);

    /// <summary>Unsets the variables of a scope.</summary>
    public void EnterScope(SlotBlock variables)
    {
        if (variables.Count > 0)
        {
            Array.Clear(Frame.Slots, variables.First, variables.Count);
        }
    }

    /// <summary>Appends the value to the output.</summary>
    public void Print(TemplateValue value) => Output.Append(Printer.Str(this, value));
}
