using Orchard.Templates.Values;

namespace Orchard.Templates.Runtime;

internal readonly record struct NamedArgument(string Name, TemplateValue Value);

/// <summary>What a call passes.</summary>
internal readonly record struct CallArguments(TemplateValue[] Positional, NamedArgument[] Named)
{
    public static CallArguments None { get; } = new([], []);

    public int Count => Positional.Length + Named.Length;

    /// <summary>
    /// The arguments in the order of the parameters' names; <see cref="TemplateValue.Missing"/> where one was not given. An empty
    /// name is a parameter that cannot be given by name.
    /// </summary>
    public TemplateValue[] Bind(Run run, string function, int required, params ReadOnlySpan<string> parameters)
    {
        if (Positional.Length > parameters.Length)
        {
            throw run.Fail($"'{function}' takes at most {parameters.Length} arguments, not {Positional.Length}");
        }

        var bound = new TemplateValue[parameters.Length];
        Positional.CopyTo(bound, 0);
        foreach (NamedArgument argument in Named)
        {
            int at = parameters.IndexOf(argument.Name);
            if (at < 0)
            {
                throw run.Fail($"'{function}' has no argument '{argument.Name}'");
            }

            if (!bound[at].IsMissing)
            {
                throw run.Fail($"'{function}' is given '{argument.Name}' twice");
            }

            bound[at] = argument.Value;
        }

        for (int i = 0; i < required; i++)
        {
            if (bound[i].IsMissing)
            {
                throw run.Fail($"'{function}' needs {required} {(required == 1 ? "argument" : "arguments")}");
            }
        }

        return bound;
    }

    public void RefuseAny(Run run, string function)
    {
        if (Count > 0)
        {
            throw run.Fail($"'{function}' takes no arguments");
        }
    }
}
