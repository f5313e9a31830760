using Orchard.Templates.Limits;
using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

/// <summary>The arguments of a call, a filter or a test.</summary>
internal readonly record struct CallArguments(TemplateValue[] Positional, NamedArgument[] Named)
{
    public static CallArguments None { get; } = new([], []);

    /// <summary>
    /// Returns the arguments in the order of the parameters; <see cref="TemplateValue.Missing"/> for those not given. A parameter with
    /// an empty name is positional-only.
    /// </summary>
    /// <param name="budget">The rendering that reports errors.</param>
    /// <param name="function">The name of the function in error messages.</param>
    /// <param name="required">The number of leading parameters without a default.</param>
    /// <param name="parameters">The names of the parameters.</param>
    public TemplateValue[] Bind(RenderBudget budget, string function, int required, params ReadOnlySpan<string> parameters)
    {
        if (Positional.Length > parameters.Length)
        {
            throw budget.Fail($"'{function}' takes at most {parameters.Length} arguments, not {Positional.Length}");
        }

        var bound = new TemplateValue[parameters.Length];
        Positional.CopyTo(bound, 0);
        foreach (NamedArgument argument in Named)
        {
            int at = parameters.IndexOf(argument.Name);
            if (at < 0)
            {
                throw budget.Fail($"'{function}' has no argument '{argument.Name}'");
            }

            if (!bound[at].IsMissing)
            {
                throw budget.Fail($"'{function}' is given '{argument.Name}' twice");
            }

            bound[at] = argument.Value;
        }

        for (int i = 0; i < required; i++)
        {
            if (bound[i].IsMissing)
            {
                throw budget.Fail($"'{function}' needs {required} {(required == 1 ? "argument" : "arguments")}");
            }
        }

        return bound;
    }

    /// <summary>Fails unless the call has no arguments.</summary>
    public void RefuseAny(RenderBudget budget, string function)
    {
        if (Positional.Length + Named.Length > 0)
        {
            throw budget.Fail($"'{function}' takes no arguments");
        }
    }
}
