namespace Orchard.Templates.Limits;

/// <summary>A template cannot be parsed or rendered.</summary>
internal sealed class TemplateException : Exception
{
    public TemplateException(string message)
        : base(message)
    {
    }

    private TemplateException(string message, int line)
        : base(message) => Line = line;

    /// <summary>The line of the template, counted from 1; null when the problem is not in a template.</summary>
    public int? Line { get; }

    /// <summary>Returns an error at a line of the template.</summary>
    /// <param name="line">The line, counted from 1.</param>
    /// <param name="problem">The problem: a clause without a final period.</param>
    public static TemplateException At(int line, string problem) => new($"Chat template, line {line}: {problem}.", line);
}
