using Orchard.Templates.Runtime;
using Orchard.Templates.Syntax;
using Orchard.Templates.Values;

namespace Orchard.Templates;

/// <summary>
/// A chat template, compiled: the Jinja that Hugging Face renders chat templates with, in a sandbox with limits. Any number of threads
/// can render one at the same time.
/// </summary>
internal sealed class ChatTemplate
{
    private readonly CompiledTemplate _compiled;
    private readonly TemplateLimits _limits;

    private ChatTemplate(CompiledTemplate compiled, TemplateLimits limits)
    {
        _compiled = compiled;
        _limits = limits;
    }

    /// <summary>Compiles a template.</summary>
    /// <exception cref="TemplateException">It is not a template we can render. The message names the line and what is missing.</exception>
    public static ChatTemplate Parse(string source, TemplateLimits? limits = null)
    {
        limits ??= TemplateLimits.Default;
        return new ChatTemplate(TemplateParser.Parse(source, limits), limits);
    }

    /// <summary>Renders the template.</summary>
    /// <param name="variables">What the template can use besides its own functions. Not changed.</param>
    /// <param name="time">Tells <c>strftime_now</c> the local time (default: the system's).</param>
    /// <exception cref="TemplateException">
    /// The template raised an error, used something that is not there, or went over a limit. The message names the line.
    /// </exception>
    public string Render(IReadOnlyDictionary<string, TemplateValue> variables, TimeProvider? time = null)
    {
        var run = new Run(_limits, variables, time ?? TimeProvider.System) { Frame = new Frame(_compiled.SlotCount, null) };
        Statement.ExecuteAll(run, _compiled.Body);
        string prompt = run.Output.ToString();
        run.Output.Release();
        return prompt;
    }
}
