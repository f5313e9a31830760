using Orchard.Templates.Evaluation;
using Orchard.Templates.Evaluation.Statements;
using Orchard.Templates.Limits;
using Orchard.Templates.Parsing;
using Orchard.Templates.Values;

namespace Orchard.Templates;

/// <summary>
/// A parsed chat template in the Jinja dialect of Hugging Face. It renders in a sandbox with limits. Immutable and thread-safe.
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

    /// <summary>Parses a template.</summary>
    /// <exception cref="TemplateException">The source is not a valid template. The message names the line and the problem.</exception>
    public static ChatTemplate Parse(string source, TemplateLimits? limits = null)
    {
        limits ??= TemplateLimits.Default;
        return new ChatTemplate(TemplateParser.Parse(source, limits), limits);
    }

    /// <summary>Renders the template.</summary>
    /// <param name="variables">The variables of the template, in addition to the global functions. Not changed.</param>
    /// <param name="time">The clock of <c>strftime_now</c> (default: the system's).</param>
    /// <param name="cancellationToken">Cancels the rendering.</param>
    /// <exception cref="TemplateException">
    /// The template raised an error, used an undefined value, or exceeded a limit. The message names the line.
    /// </exception>
    public string Render(
        IReadOnlyDictionary<string, TemplateValue> variables, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var frame = new Frame(_compiled.SlotCount, null);
        var context = new EvaluationContext(_limits, variables, time ?? TimeProvider.System, frame, cancellationToken);
        Statement.ExecuteAll(context, _compiled.Body);
        string prompt = context.Output.ToString();
        context.Output.Release();
        return prompt;
    }
}
