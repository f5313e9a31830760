using Orchard.Templates.Values;

namespace Orchard.Templates.Evaluation.Expressions;

/// <summary>A variable.</summary>
internal sealed class NameExpression(int line, string name) : Expression(line)
{
    private readonly TemplateValue _undefined = TemplateValue.From(TemplateUndefined.Variable(name));
    private Binding[] _bindings = [];
    private bool _looksOutside;

    /// <summary>Sets the slots to look in, innermost first. Called once, after the whole template is parsed.</summary>
    public void Bind(Binding[] bindings)
    {
        _bindings = bindings;
        _looksOutside = _bindings.Length == 0 || !_bindings[^1].IsFinal;
    }

    protected override TemplateValue Compute(EvaluationContext context)
    {
        foreach (Binding binding in _bindings)
        {
            Frame frame = context.Frame;
            for (int i = 0; i < binding.Depth; i++)
            {
                frame = frame.Parent!;
            }

            TemplateValue value = frame.Slots[binding.Slot];
            if (!value.IsMissing)
            {
                return value;
            }
        }

        return _looksOutside && context.TryGetGlobal(name, out TemplateValue global) ? global : _undefined;
    }
}
